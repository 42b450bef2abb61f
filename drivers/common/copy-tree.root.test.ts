import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backing } from '../../harness/contracts/driver.ts'
import { extentBytes } from '../../harness/linux/fiemap.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { createScratch, type TestScratch } from '../testsuite/scratch.ts'
import { seededBytes } from '../testsuite/image.ts'
import { openBacking, type MountedBacking } from './backing.ts'
import { copyTree, type ContentCopy } from './copy-tree.ts'

const MEBIBYTE = 1024 ** 2
const FIFO = 0o010644
const CHARACTER_DEVICE = 0o020600
/** Major 1, minor 3: /dev/null. */
const NULL_DEVICE = 0x103

const CASES: readonly (readonly [Backing, ContentCopy])[] = [
  ['ext4', 'kernel'],
  ['ext4', 'buffer'],
  ['xfs', 'clone'],
  ['xfs', 'buffer'],
  ['btrfs', 'clone'],
  ['btrfs', 'buffer'],
]

const host = testHost()

describe.each(CASES)('on %s by %s', (type, content) => {
  let scratch: TestScratch
  let backing: MountedBacking
  const from = (path = '') => `${backing.path}/from/${path}`
  const to = (path = '') => `${backing.path}/to/${path}`

  beforeAll(async () => {
    scratch = createScratch(host, 320 * MEBIBYTE)
    backing = await openBacking(host, scratch.device, type, `${scratch.directory}/store`)
    fill(from)
    await backing.sync()
    copyTree(host.syscalls, from(), to(), content)
  })

  afterAll(async () => {
    await backing[Symbol.asyncDispose]()
    scratch[Symbol.dispose]()
  })

  it('copies bytes', () => {
    expect(readFileSync(to('folder/file')).equals(readFileSync(from('folder/file')))).toBe(true)
    expect(readFileSync(to('empty'), 'utf8')).toBe('')
  })

  it(content === 'clone' ? 'shares every extent' : 'shares no extent', async () => {
    await backing.sync()
    const { sharedBytes, exclusiveBytes } = extentBytes(host.syscalls, to('folder/file'))
    const whole = 3 * MEBIBYTE
    expect({ sharedBytes, exclusiveBytes }).toEqual(
      content === 'clone'
        ? { sharedBytes: whole, exclusiveBytes: 0 }
        : { sharedBytes: 0, exclusiveBytes: whole },
    )
  })

  it('keeps mode, owner and time of files and folders', () => {
    for (const path of ['folder/file', 'folder', '']) {
      const facts = (stat = lstatSync(from(path))) => [stat.mode, stat.uid, stat.gid, stat.mtimeMs]
      expect(facts(lstatSync(to(path))), path).toEqual(facts())
    }
    expect(lstatSync(to('folder/file')).mode & 0o7777).toBe(0o4711)
  })

  it('keeps extended attributes', () => {
    expect(host.syscalls.lgetxattr(to('folder/file'), 'user.note')?.toString()).toBe('kept')
    expect(host.syscalls.lgetxattr(to('folder'), 'trusted.note')?.toString()).toBe('kept too')
  })

  it('keeps links', () => {
    expect(readlinkSync(to('symbolic'))).toBe('folder/nowhere')
    expect(lstatSync(to('hard')).ino).toBe(lstatSync(to('folder/file')).ino)
    expect(lstatSync(to('hard')).nlink).toBe(2)
    expect(lstatSync(to('hard')).ino).not.toBe(lstatSync(from('hard')).ino)
  })

  it('makes FIFOs and device nodes again', () => {
    expect(lstatSync(to('fifo')).isFIFO()).toBe(true)
    expect(lstatSync(to('null')).isCharacterDevice()).toBe(true)
    expect(lstatSync(to('null')).rdev).toBe(NULL_DEVICE)
  })

  it('keeps holes', () => {
    const { size, blocks } = lstatSync(to('sparse'))
    expect(size).toBe(5 * 1024 * MEBIBYTE)
    expect(blocks * 512).toBeLessThan(MEBIBYTE)
    const tail = Buffer.alloc(4)
    const fd = openSync(to('sparse'), 'r')
    expect(readAt(fd, tail, 1024 * MEBIBYTE)).toBe('data')
    closeSync(fd)
  })
})

function fill(at: (path?: string) => string): void {
  mkdirSync(at('folder'), { recursive: true })
  writeFileSync(at('folder/file'), seededBytes('copied', 3 * MEBIBYTE))
  writeFileSync(at('empty'), '')
  linkSync(at('folder/file'), at('hard'))
  symlinkSync('folder/nowhere', at('symbolic'))
  host.syscalls.mknod(at('fifo'), FIFO, 0)
  host.syscalls.mknod(at('null'), CHARACTER_DEVICE, NULL_DEVICE)
  writeFileSync(at('sparse'), '')
  truncateSync(at('sparse'), 5 * 1024 * MEBIBYTE)
  const fd = openSync(at('sparse'), 'r+')
  writeSync(fd, 'data', 1024 * MEBIBYTE)
  closeSync(fd)
  host.syscalls.lsetxattr(at('folder/file'), 'user.note', Buffer.from('kept'))
  host.syscalls.lsetxattr(at('folder'), 'trusted.note', Buffer.from('kept too'))
  for (const [path, owner, mode] of [
    ['folder/file', 12, 0o4711],
    ['folder', 34, 0o2750],
    ['', 56, 0o1777],
  ] as const) {
    chownSync(at(path), owner, owner)
    chmodSync(at(path), mode)
    utimesSync(at(path), 1_000_000_000.5, 1_000_000_000.25)
  }
}

function readAt(fd: number, buffer: Buffer, position: number): string {
  return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, position))
}
