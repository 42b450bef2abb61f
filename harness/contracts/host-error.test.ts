import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toData } from './error-data.ts'
import { asHostError, onUserPath } from './host-error.ts'
import { SyscallError } from './syscalls.ts'

const systemError = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: what it means, open`), { code, syscall: 'open', ...(path && { path }) })

const PATHS = [
  ['a folder that is gone', (folder: string) => mkdirSync(join(folder, 'gone/x')), /ENOENT.*gone\/x/],
  [
    'a file in the place of a folder',
    (folder: string) => mkdirSync(join(folder, 'file/x')),
    /ENOTDIR.*file\/x/,
  ],
  ['a folder in the place of a file', (folder: string) => writeFileSync(folder, ''), /EISDIR/],
  ['what is there already', (folder: string) => mkdirSync(join(folder, 'file')), /EEXIST/],
  [
    'a name that is too long',
    (folder: string) => readFileSync(join(folder, 'x'.repeat(300))),
    /ENAMETOOLONG/,
  ],
] as const

function inFolder(work: (folder: string) => unknown): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'host-error-'))
  writeFileSync(join(folder, 'file'), '')
  try {
    return thrownBy(() => work(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test.each(PATHS)(
  '%s, at a path of a person, is an error of the host, which names the path and how to mend it',
  (_, work, message) => {
    const data = toData(inFolder((folder) => onUserPath(() => work(folder))))
    expect(data).toMatchObject({ code: 'host.file', exitCode: 4, stack: null })
    expect(data.message).toMatch(message)
    expect(data.hint).not.toBeNull()
  },
)

test.each(PATHS)('%s, at any other path, stays a bug, with its stack', (_, work) => {
  expect(toData(inFolder(work))).toMatchObject({
    code: 'bug',
    exitCode: 1,
    stack: expect.stringContaining('at ') as string,
  })
})

test.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO', 'EMFILE', 'ENFILE', 'ESTALE'])(
  '%s is, without a path too',
  (code) => {
    expect(asHostError(systemError(code))?.exitCode).toBe(4)
    expect(asHostError(new SyscallError('mount', 5, code, 'ext4'))?.exitCode).toBe(4)
  },
)

test('a working folder that is gone is', () => {
  const gone = Object.assign(new Error('ENOENT: process.cwd failed'), { code: 'ENOENT', syscall: 'uv_cwd' })
  expect(asHostError(gone)).toMatchObject({
    exitCode: 4,
    hint: expect.stringContaining('it is gone') as string,
  })
})

test.each<[string, unknown]>([
  ['a programming error', new TypeError('x is undefined')],
  ['a wrong argument of a system call', systemError('EINVAL', '/x')],
  ['a file that was closed', systemError('EBADF')],
  ['a signal to a process of another user', systemError('EPERM')],
  ['a file that the kernel keeps from this program', systemError('EPERM', '/proc/1/mem')],
  [
    'an error of Node without a system call',
    Object.assign(new Error('no'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ],
])('%s stays a bug', (_, error) => {
  expect(asHostError(error)).toBeNull()
  expect(toData(error)).toMatchObject({ code: 'bug', exitCode: 1 })
})
