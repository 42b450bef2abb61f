import { expect, test } from 'vitest'
import { parseMounts } from '../linux/mountinfo.ts'
import { whereIs } from './trial-volumes.ts'

const MOUNTS = parseMounts(
  [
    '30 21 7:1 / /run/s/store rw - ext4 /dev/loop1 rw',
    '31 21 0:40 / /run/c/0 rw - overlay none rw',
    '32 31 7:1 /volumes/a /run/c/0/var rw - ext4 /dev/loop1 rw',
    '33 31 0:41 / /run/c/1/var rw - tmpfs none rw',
  ].join('\n'),
)

test.each([
  ['a directory of the store', '/run/c/0/var', '/run/s/store', 'ext4 7:1'],
  ['what the container shows by itself', '/run/c/0/etc', '/run/s/store', null],
  ['the container itself', '/run/c/0', '/run/s/store', null],
  ['another file system', '/run/c/1/var', '/run/s/store', null],
  ['a store without a file system', '/run/c/0/var', null, null],
])('what is mounted in a container: %s', (_, target, store, where) => {
  expect(whereIs(target, store, MOUNTS)).toBe(where)
})
