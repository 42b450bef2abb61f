import { expect, test } from 'vitest'
import { errnoName } from './libc.ts'

test.each([
  [16, 'EBUSY'],
  [15, 'ENOTBLK'],
  [95, 'ENOTSUP'],
  [122, 'EDQUOT'],
  [512, 'errno 512'],
])('errno %i is %s', (errno, name) => {
  expect(errnoName(errno)).toBe(name)
})
