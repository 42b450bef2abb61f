/** A layer archive made of an overlay's upper directory, and one made by comparing, give the tree that the overlay shows. */
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isRoot, testHost } from '../../../harness/testing/scratch-file.ts'
import { readTree, treeDifference } from '../tree-state.ts'
import { applyArchive } from './apply.ts'
import { writeDiff, writeUpper } from './diff.ts'
import { readArchive } from './reader.ts'

const { syscalls } = testHost()

interface Overlay {
  home: string
  lower: string
  upper: string
  merged: string
}

async function changedOverlay(): Promise<Overlay> {
  const home = mkdtempSync('/var/tmp/bench-upper-')
  const folder = (name: string) => join(home, name)
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map(folder) as [
    string,
    string,
    string,
    string,
  ]
  for (const path of [lower, upper, work, merged]) mkdirSync(path)
  writeLower(lower)
  syscalls.mount('overlay', merged, 'overlay', 0, `lowerdir=${lower},upperdir=${upper},workdir=${work}`)
  onTestFinished(() => {
    syscalls.umount(merged)
    rmSync(home, { recursive: true })
  })
  change(merged)
  return { home, lower, upper, merged }
}

function writeLower(root: string): void {
  for (const name of ['kept', 'gone', 'renamed', 'linked', 'moded']) writeFileSync(join(root, name), name)
  mkdirSync(join(root, 'hidden/below'), { recursive: true })
  writeFileSync(join(root, 'hidden/below/file'), '')
  mkdirSync(join(root, 'dir'))
  writeFileSync(join(root, 'dir/kept'), '')
}

function change(root: string): void {
  unlinkSync(join(root, 'gone'))
  renameSync(join(root, 'renamed'), join(root, 'dir/moved'))
  linkSync(join(root, 'linked'), join(root, 'dir/second'))
  chmodSync(join(root, 'moded'), 0o4711)
  unlinkSync(join(root, 'hidden/below/file'))
  rmdirSync(join(root, 'hidden/below'))
  rmdirSync(join(root, 'hidden'))
  mkdirSync(join(root, 'hidden'))
  symlinkSync('nowhere', join(root, 'hidden/link'))
  syscalls.mknod(join(root, 'hidden/null'), 0o020600, 0x103)
  syscalls.lsetxattr(join(root, 'kept'), 'trusted.bench', Buffer.of(0, 0xff))
}

describe.skipIf(!isRoot)('an overlay', () => {
  test.each(['of its upper directory', 'by comparing'])('is archived %s', async (how) => {
    const { home, lower, upper, merged } = await changedOverlay()
    const archive = join(home, 'layer.tar')
    if (how === 'by comparing') writeDiff(syscalls, lower, merged, archive)
    else writeUpper(syscalls, upper, archive)
    const names: string[] = []
    readArchive(archive, ({ path }) => void names.push(path))
    expect(names).toContain('.wh.gone')
    expect(names.includes('hidden/.wh..wh..opq')).toBe(how !== 'by comparing')
    const copy = join(home, 'copy')
    mkdirSync(copy)
    writeLower(copy)
    applyArchive(syscalls, archive, copy)
    // What was not touched is written anew here, so it has another time.
    expect(withoutTimes(copy, merged)).toBeNull()
  })
})

function withoutTimes(copy: string, merged: string): string | null {
  const read = (root: string) =>
    new Map([...readTree(syscalls, root)].map(([path, state]) => [path, { ...state, 'time of change': '' }]))
  return treeDifference(read(merged), read(copy))
}
