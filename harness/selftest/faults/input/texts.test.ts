import { expect, test } from 'vitest'
import { replaced } from './texts.ts'

test('one value of the data is another, at any depth, and the data stays as it was', () => {
  const data = { a: [{ b: 1 }, 2], c: 3 }
  const changed = Array.from({ length: 5 }, (_, index) => replaced(data, index / 5, 'x'))
  expect(changed).toEqual([
    { a: 'x', c: 3 },
    { a: ['x', 2], c: 3 },
    { a: [{ b: 'x' }, 2], c: 3 },
    { a: [{ b: 1 }, 'x'], c: 3 },
    { a: [{ b: 1 }, 2], c: 'x' },
  ])
  expect(data).toEqual({ a: [{ b: 1 }, 2], c: 3 })
})
