/** Images of other programs are read here, and those that are written here are read by them. */
import { execFileSync } from 'node:child_process'
import {
  chownSync,
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isRoot, testHost } from '../../harness/testing/scratch-file.ts'
import { applyArchive } from '../common/archive/apply.ts'
import { readTree, treeDifference, type TreeState, withoutTime } from '../common/tree-state.ts'
import { readLayers, writeLayout } from '../testing/oci-layout.ts'
import { blobsOf } from './blobs.ts'
import { image } from './index.ts'
import { arrivingImage } from './params.ts'

const SEED = 5

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-foreign-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

const run = (program: string, ...args: readonly string[]) =>
  void execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
const tree = (root: string): TreeState => readTree(testHost().syscalls, root)

/** Unpacks layers over each other. */
function unpack(layers: readonly (Buffer | string)[]): TreeState {
  const root = join(folder(), 'root')
  mkdirSync(root)
  for (const layer of layers) applyArchive(testHost().syscalls, layer, root)
  return tree(root)
}

/** umoci keeps the times of directories only where it has to. */
function withoutDirectoryTimes(state: TreeState): TreeState {
  return new Map(
    [...state].map(([path, entry]) => [path, entry['type'] === 'directory' ? withoutTime(entry) : entry]),
  )
}

/** buildah writes whole seconds, and shows fractions. */
function withoutTimes(state: TreeState): TreeState {
  return new Map([...state].map(([path, entry]) => [path, withoutTime(entry)]))
}

async function ourLayout() {
  const layout = join(folder(), 'layout')
  const { syscalls } = testHost()
  const given = image.params.parse({ layers: '3' })
  const blobs = await blobsOf(testHost(), arrivingImage(given, SEED), 'gzip', join(folder(), 'made'))
  writeLayout(
    layout,
    'ours',
    blobs.layers.map(({ content }) => content),
  )
  return { layout, blobs, syscalls }
}

/** All kinds of entry that a layer may have. */
function fillWithEverything(root: string): void {
  const { syscalls } = testHost()
  mkdirSync(join(root, 'etc/deep/er'), { recursive: true })
  writeFileSync(join(root, 'etc/deep/er', 'n'.repeat(200)), 'a long name')
  writeFileSync(join(root, 'etc/ünïcode'), 'x'.repeat(70_000))
  writeFileSync(join(root, 'etc/owned'), 'owned')
  chownSync(join(root, 'etc/owned'), 1234, 4321)
  chmodSync(join(root, 'etc/owned'), 0o4711)
  linkSync(join(root, 'etc/owned'), join(root, 'etc/second'))
  symlinkSync('../etc/owned', join(root, 'etc/link'))
  writeFileSync(join(root, 'etc/sparse'), 'begins')
  truncateSync(join(root, 'etc/sparse'), 3 * 1024 ** 2)
  syscalls.lsetxattr(join(root, 'etc/deep'), 'user.kept', Buffer.from([1, 0, 255]))
  syscalls.mknod(join(root, 'etc/device'), 0o020666, 0x0103)
  syscalls.mknod(join(root, 'etc/pipe'), 0o010600, 0)
}

const missing = ['buildah', 'skopeo', 'umoci'].filter((program) => testHost().which(program) === null)
const needs = 'needs buildah, skopeo and umoci'

describe.skipIf(!isRoot || missing.length > 0)(`an image written here (${needs})`, () => {
  it('is unpacked by umoci', async () => {
    const { layout, blobs } = await ourLayout()
    const bundle = join(folder(), 'bundle')
    run('umoci', 'unpack', '--image', `${layout}:ours`, bundle)
    const seen = withoutDirectoryTimes(tree(join(bundle, 'rootfs')))
    expect(treeDifference(withoutDirectoryTimes(blobs.tree), seen)).toBeNull()
  })

  it('is carried by skopeo into an archive as docker saves one, whose layers are the same', async () => {
    const { layout, blobs } = await ourLayout()
    const [archive, saved] = [join(folder(), 'saved.tar'), folder()]
    run('skopeo', 'copy', `oci:${layout}:ours`, `docker-archive:${archive}:ours:latest`)
    applyArchive(testHost().syscalls, archive, saved)
    const [{ Layers: layers }] = JSON.parse(readFileSync(join(saved, 'manifest.json'), 'utf8')) as [
      { Layers: string[] },
    ]
    const seen = unpack(layers.map((name) => join(saved, name)))
    expect(treeDifference(blobs.tree, seen)).toBeNull()
  })
})

describe.skipIf(!isRoot || missing.length > 0)(`an image of another program (${needs})`, () => {
  it('of umoci, with whiteouts and every kind of entry is unpacked here as umoci shows it', () => {
    const home = folder()
    const [layout, bundle] = [join(home, 'layout'), join(home, 'bundle')]
    const root = join(bundle, 'rootfs')
    run('umoci', 'init', '--layout', layout)
    run('umoci', 'new', '--image', `${layout}:one`)
    run('umoci', 'unpack', '--image', `${layout}:one`, bundle)
    fillWithEverything(root)
    run('umoci', 'repack', '--image', `${layout}:two`, '--refresh-bundle', bundle)
    rmSync(join(root, 'etc/deep'), { recursive: true })
    rmSync(join(root, 'etc/ünïcode'))
    mkdirSync(join(root, 'etc/deep'))
    writeFileSync(join(root, 'etc/deep/new'), 'new')
    chmodSync(join(root, 'etc/owned'), 0o600)
    run('umoci', 'repack', '--image', `${layout}:three`, bundle)
    const layers = readLayers(layout)
    expect(layers).toHaveLength(2)
    const again = join(home, 'again')
    run('umoci', 'unpack', '--image', `${layout}:three`, again)
    const theirs = withoutDirectoryTimes(tree(join(again, 'rootfs')))
    expect(theirs.get('etc/deep/new')).toBeDefined()
    expect(treeDifference(theirs, withoutDirectoryTimes(unpack(layers)))).toBeNull()
  })

  it('of buildah is unpacked here as buildah shows it', () => {
    const home = folder()
    const storage = ['--storage-driver', 'vfs', '--root', join(home, 'store'), '--runroot', join(home, 'run')]
    const env = { ...process.env, BUILDAH_ISOLATION: 'chroot' }
    const buildah = (...args: readonly string[]) =>
      execFileSync('buildah', [...storage, ...args], {
        encoding: 'utf8',
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim()
    const layout = join(home, 'layout')
    const container = buildah('from', 'scratch')
    const root = buildah('mount', container)
    fillWithEverything(root)
    const theirs = tree(root)
    buildah('umount', container)
    buildah('commit', container, `oci:${layout}:one`)
    buildah('rm', '--all')
    expect(treeDifference(withoutTimes(theirs), withoutTimes(unpack(readLayers(layout))))).toBeNull()
  })
})
