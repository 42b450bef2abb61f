import { expect, test } from 'vitest'
import { floorsOf, floorsText, risen } from './floors.ts'

const MEBIBYTE = 1024 ** 2
const at = (descriptors: number, mebibytes: number) => ({ descriptors, memory: mebibytes * MEBIBYTE })

test('the floors are those of the second and the last fifth', () => {
  const footprints = [at(9, 9), at(40, 200), at(50, 300), at(60, 250), at(45, 260)]
  expect(floorsOf(footprints)).toEqual({ early: at(40, 200), late: at(45, 260) })
})

test('fewer than five footprints have no floors', () => {
  expect(floorsOf([at(1, 1), at(1, 1), at(1, 1), at(1, 1)])).toBeNull()
})

test('floors in words', () => {
  expect(floorsText({ early: at(82, 193), late: at(46, 197) })).toBe('82 → 46 descriptors, 193 MiB → 197 MiB')
})

test('one descriptor more is a leak; memory has a margin', () => {
  expect(risen({ early: at(40, 200), late: at(40, 240) })).toEqual([])
  expect(risen({ early: at(40, 200), late: at(39, 100) })).toEqual([])
  expect(risen({ early: at(40, 200), late: at(41, 260) })).toEqual([
    'descriptors: 40, then 41',
    'memory: 200 MiB, then 260 MiB',
  ])
})
