import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isLoopDirect, loopFile, readSysfs, readSysfsNumber, wholeDiskFolder } from './sysfs.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-test-sysfs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const attribute = (text: string) => {
  writeFileSync(join(folder, 'attribute'), text)
  return join(folder, 'attribute')
}

describe('an attribute', () => {
  test('is read without the newline', () => expect(readSysfs(attribute('mq-deadline\n'))).toBe('mq-deadline'))

  test('that is not there is null', () => expect(readSysfs(join(folder, 'none'))).toBeNull())

  test('below another is null', () => expect(readSysfs(join(attribute('1'), 'dio'))).toBeNull())

  test('that its driver does not answer for is null', () => {
    // It can only be written: open(2) fails with EACCES, for root too (fs/kernfs/file.c).
    expect(readSysfs('/sys/bus/cpu/drivers_probe')).toBeNull()
  })

  test('that is a folder is a mistake of the caller', () => {
    expect(() => readSysfs(folder)).toThrow('EISDIR')
  })

  test.for([
    ['1\n', 1],
    ['-1\n', -1],
    ['max\n', null],
    ['\n', null],
  ] as const)('%j as a number is %j', ([text, number]) => {
    expect(readSysfsNumber(attribute(text))).toBe(number)
  })
})

test('what is no loop device has no file beneath', () => {
  expect(loopFile(folder)).toBeNull()
  expect(isLoopDirect(folder)).toBeNull()
})

test('the disk of a partition is the folder that holds it, also by a link from elsewhere', () => {
  const partition = join(folder, 'sda/sda1')
  mkdirSync(partition, { recursive: true })
  writeFileSync(join(partition, 'partition'), '1')
  symlinkSync(partition, join(folder, 'link'))
  for (const path of [partition, join(folder, 'link')])
    expect(wholeDiskFolder(path)).toBe(join(folder, 'sda'))
})

test('what is no partition is its own disk', () => expect(wholeDiskFolder(folder)).toBe(folder))
