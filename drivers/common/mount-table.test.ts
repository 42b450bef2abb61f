import { expect, test } from 'vitest'
import { isSourceMounted, parseMount } from './mount-table.ts'

/** As in proc_pid_mountinfo(5), with blanks and backslashes, which stand as octal digits. */
const LINE = String.raw`36 35 98:0 /mnt\0401 /mnt/a\134b rw,noatime master:1 shared:2 - ext3 /dev/my\040root rw`

test('a line of the table', () => {
  expect(parseMount(LINE)).toEqual({
    device: '98:0',
    root: '/mnt 1',
    target: String.raw`/mnt/a\b`,
    source: '/dev/my root',
  })
})

test('a source is found by its whole name', () => {
  expect(isSourceMounted('/dev/my root', LINE)).toBe(true)
  expect(isSourceMounted('/dev/my', LINE)).toBe(false)
  expect(isSourceMounted('/dev/none')).toBe(false)
})
