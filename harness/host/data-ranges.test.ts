import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSyscalls } from './syscalls.ts'

const MEBIBYTE = 1024 ** 2
const SIZE = 5 * MEBIBYTE + 7

const syscalls = createSyscalls()

let folder: string
let fd: number
beforeEach(() => {
  folder = mkdtempSync('/var/tmp/bench-test-')
  fd = openSync(`${folder}/sparse`, 'w+')
})
afterEach(() => {
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

test('the parts of a file that hold data are listed in order, even before they are on the disk', () => {
  const data = Buffer.alloc(MEBIBYTE, 1)
  writeSync(fd, data, 0, MEBIBYTE, MEBIBYTE)
  writeSync(fd, data, 0, MEBIBYTE, 3 * MEBIBYTE)
  ftruncateSync(fd, SIZE)
  expect(syscalls.dataRanges(fd, SIZE)).toEqual([
    { start: MEBIBYTE, end: 2 * MEBIBYTE },
    { start: 3 * MEBIBYTE, end: 4 * MEBIBYTE },
  ])
})

test('the last part ends with the file', () => {
  writeSync(fd, Buffer.alloc(7, 1), 0, 7, 5 * MEBIBYTE)
  expect(syscalls.dataRanges(fd, SIZE)).toEqual([{ start: 5 * MEBIBYTE, end: SIZE }])
})

test('a file without data has none', () => {
  ftruncateSync(fd, SIZE)
  expect(syscalls.dataRanges(fd, SIZE)).toEqual([])
  expect(syscalls.dataRanges(fd, 0)).toEqual([])
})

test('what is no open file is refused', () => {
  expect(() => syscalls.dataRanges(-1, SIZE)).toThrow('lseek')
})
