import { expect, test } from 'vitest'
import { grown } from './soak.ts'

test('what grew is named, what became less is not', () => {
  const before = { loops: 0, mounts: 3, cgroups: 0, processes: 2, runtime: 1, journals: 0, scratch: 0 }
  expect(grown(before, before)).toEqual([])
  expect(grown(before, { ...before, loops: 2, mounts: 1 })).toEqual(['loops: 0, then 2'])
})
