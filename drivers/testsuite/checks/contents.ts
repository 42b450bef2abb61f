/** Checks of the image's files as a container sees and changes them. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { expect } from 'vitest'
import type { ManifestEntry } from '../../../harness/contracts/image.ts'
import { BIG_SIZE, IMAGE_TIME, TOOL_SIZE, imageManifest, seededBytes } from '../image.ts'
import type { Fixture } from '../fixture.ts'
import { readTree, treeHash } from '../tree.ts'
import { writeAt, type Checks } from './check.ts'

/** One hash for every driver. It changes only with `image.ts`. */
const IMAGE_HASH = '799fe277e81e04209a017f983954decf52e801977a214aeff8a77ccf15afe3f7'

async function seesTheImage(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  expect(readFileSync(container.path('etc/config'), 'utf8')).toBe('setting=upper\n')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('one')
  const tree = treeOfImage(fixture, container.root)
  const byPath = (entries: typeof tree) => new Map(entries.map((entry) => [entry.path, entry]))
  expect(byPath(tree)).toEqual(byPath([...imageManifest]))
}

/** Without what an engine puts into every container. */
function treeOfImage({ snapshotter }: Fixture, root: string): ManifestEntry[] {
  const own = new Set(imageManifest.map(({ path }) => path))
  return readTree(root).filter(({ path }) => own.has(path) || !snapshotter.store.adds?.has(path))
}

async function hasOneTreeHash(fixture: Fixture): Promise<void> {
  expect(treeHash(imageManifest)).toBe(IMAGE_HASH)
  const container = await fixture.container(await fixture.image())
  expect(treeHash(treeOfImage(fixture, container.root))).toBe(IMAGE_HASH)
  const view = await fixture.view(await fixture.image())
  expect(treeHash(treeOfImage(fixture, view.root))).toBe(IMAGE_HASH)
}

async function writesInPlace(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const expected = seededBytes('big', BIG_SIZE)
  expected.write('changed', BIG_SIZE / 2)
  writeAt(container.path('data/big'), BIG_SIZE / 2, 'changed')
  expect(readFileSync(container.path('data/big')).equals(expected)).toBe(true)
}

async function appends(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  appendFileSync(container.path('doc/one'), '+1')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('one+1')
  appendFileSync(container.path('data/empty'), 'no longer')
  expect(readFileSync(container.path('data/empty'), 'utf8')).toBe('no longer')
}

async function truncates(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  truncateSync(container.path('data/big'), 5000)
  expect(readFileSync(container.path('data/big')).equals(seededBytes('big', 5000))).toBe(true)
  writeFileSync(container.path('doc/one'), '1')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('1')
}

async function changesMode(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  chmodSync(container.path('doc/one'), 0o4711)
  chmodSync(container.path('doc/deep'), 0o711)
  expect(statSync(container.path('doc/one')).mode & 0o7777).toBe(0o4711)
  expect(statSync(container.path('doc/deep')).mode & 0o7777).toBe(0o711)
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('one')
  expect(statSync(container.path('doc/one')).mtimeMs).toBe(IMAGE_TIME * 1000)
}

async function changesOwner(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  chownSync(container.path('doc/one'), 1001, 1002)
  chownSync(container.path('doc'), 1003, 1004)
  const ownerOf = (path: string) => {
    const { uid, gid } = statSync(container.path(path))
    return [uid, gid]
  }
  expect(ownerOf('doc/one')).toEqual([1001, 1002])
  expect(ownerOf('doc')).toEqual([1003, 1004])
  expect(ownerOf('doc/two')).toEqual([7, 7])
}

async function keepsExtendedAttributes(fixture: Fixture): Promise<void> {
  const { syscalls } = fixture.host
  const image = await fixture.layer(null, (root) => {
    writeFileSync(`${root}/file`, 'content')
    syscalls.lsetxattr(`${root}/file`, 'user.lower', Buffer.from('below'))
  })
  const container = await fixture.container(image)
  const file = container.path('file')
  expect(syscalls.lgetxattr(file, 'user.lower')?.toString()).toBe('below')
  syscalls.lsetxattr(file, 'user.upper', Buffer.from('above'))
  expect(syscalls.lgetxattr(file, 'user.lower')?.toString()).toBe('below')
  expect(syscalls.lgetxattr(file, 'user.upper')?.toString()).toBe('above')
  expect(syscalls.lgetxattr(file, 'user.absent')).toBeNull()
  expect(
    syscalls
      .llistxattr(file)
      .filter((name) => name.startsWith('user.'))
      .sort(),
  ).toEqual(['user.lower', 'user.upper'])
  expect(readFileSync(file, 'utf8')).toBe('content')
}

async function storesThroughMapping(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const expected = seededBytes('big', BIG_SIZE)
  const value = (expected[5000] ?? 0) ^ 0xff
  expected[5000] = value
  const fd = openSync(container.path('data/big'), 'r+')
  try {
    fixture.host.syscalls.mmapStore(fd, 5000, value)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  expect(readFileSync(container.path('data/big')).equals(expected)).toBe(true)
  await container.unmount()
  await container.mount()
  expect(readFileSync(container.path('data/big')).equals(expected)).toBe(true)
}

async function runsPrograms(fixture: Fixture): Promise<void> {
  const image = await fixture.layer(null, (root) => {
    copyFileSync('/usr/bin/id', `${root}/id`)
    chownSync(`${root}/id`, 1234, 1234)
    chmodSync(`${root}/id`, 0o4755)
  })
  const upper = await fixture.layer(image, (root) => writeFileSync(`${root}/other`, ''))
  const container = await fixture.container(upper)
  const { stdout } = await fixture.host.run(container.path('id'), ['-u'])
  expect(stdout.trim()).toBe('1234')
}

async function servesOtherUsers(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const asUser = ['--reuid=1000', '--regid=1000', '--clear-groups']
  const copy = (from: string, to: string) =>
    fixture.host.run('setpriv', [...asUser, 'cp', container.path(from), container.path(to)], {
      accept: [0, 1],
    })
  expect((await copy('doc/two', 'tmp/copy')).exitCode).toBe(1)
  expect((await copy('tool', 'tmp/copy')).exitCode).toBe(0)
  const { uid, gid, size } = statSync(container.path('tmp/copy'))
  expect({ uid, gid, size }).toEqual({ uid: 1000, gid: 1000, size: TOOL_SIZE })
  expect((await copy('tool', 'etc/copy')).exitCode).toBe(1)
}

export const contentChecks: Checks = {
  'a fresh container sees the image': seesTheImage,
  'the image has the same tree hash for every driver': hasOneTreeHash,
  'write in place': writesInPlace,
  append: appends,
  truncate: truncates,
  chmod: changesMode,
  chown: changesOwner,
  'extended attributes': keepsExtendedAttributes,
  'store through a shared mapping': storesThroughMapping,
  'programs run, with their set-user-ID': runsPrograms,
  'users other than root': servesOtherUsers,
}
