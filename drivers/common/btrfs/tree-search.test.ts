import { expect, it } from 'vitest'
import { following } from './tree-search.ts'

const MAX = 0xffff_ffff_ffff_ffffn

it.each([
  ['the next offset', { objectId: 5n, type: 1, offset: 7n }, { objectId: 5n, type: 1, offset: 8n }],
  ['the next type', { objectId: 5n, type: 1, offset: MAX }, { objectId: 5n, type: 2, offset: 0n }],
  ['the next object', { objectId: 5n, type: 255, offset: MAX }, { objectId: 6n, type: 0, offset: 0n }],
  ['nothing', { objectId: MAX, type: 255, offset: MAX }, null],
])('after a key comes %s', (_, key, next) => {
  expect(following(key)).toEqual(next)
})
