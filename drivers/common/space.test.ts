import { expect, it } from 'vitest'
import { changedOnly, wholeCopies } from './space.ts'

it('counts a shared layer once, and what each container changes', () => {
  expect(changedOnly([100, 20, 3], 2, 5)).toBe(123 + 2 * 5)
})

it('counts a layer again in every copy that stands on it', () => {
  expect(wholeCopies([100, 20, 3], 2, 5)).toBe(100 + 120 + 123 + 2 * (123 + 5))
})
