import { expect, test } from 'vitest'
import { isOfCells, parseAcross } from './across.ts'

test('parts are named once, and a label in either notation', () => {
  expect(parseAcross('kernel, #new,label:new,tool:mkfs.xfs,kernel')).toEqual([
    'kernel',
    'label:new',
    'tool:mkfs.xfs',
  ])
  expect(['option:fsync', 'label:new', 'kernel', 'tool:fio'].filter(isOfCells)).toEqual([
    'option:fsync',
    'label:new',
  ])
})

test.each(['', 'kernel,', 'tool:', 'kernels'])('"%s" is refused', (text) => {
  expect(() => parseAcross(text)).toThrow(/there is no such part/)
})
