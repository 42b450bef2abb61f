import { expect, it } from 'vitest'
import { changedBlocks, changedOnly, wholeCopies } from './space.ts'

it('counts a shared layer once, and what each container changes', () => {
  expect(changedOnly([100, 20, 3], 2, 5)).toBe(123 + 2 * 5)
})

it('counts a block for each page that is changed, and never more than everything once more', () => {
  const [image, block] = [1024 ** 3, 65536]
  const each = (changed: number) => (changedBlocks(block, [image], 2, changed) - image) / 2
  expect(each(1)).toBe(block)
  expect(each(2 * 4096 + 1)).toBe(3 * block)
  expect(each(image)).toBe(2 * image)
  expect(changedBlocks(512, [image], 1, 1) - image).toBe(4096)
})

it('counts a layer again in every copy that stands on it', () => {
  expect(wholeCopies([100, 20, 3], 2, 5)).toBe(100 + 120 + 123 + 2 * (123 + 5))
})
