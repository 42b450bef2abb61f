import { expect, test } from 'vitest'
import { nearest, suggestion } from './suggest.ts'

const WORDS = ['overlay2', 'btrfs', 'vfs', 'fuse-overlayfs']

test.each([
  ['overlay', 'overlay2'],
  ['Overlay2', 'overlay2'],
  ['brtfs', 'btrfs'],
  ['vf', 'vfs'],
  ['fuse-overlay', 'fuse-overlayfs'],
  ['devicemapper', null],
])('nearest to %s is %s', (word, expected) => expect(nearest(word, WORDS)).toBe(expected))

test('nothing is near where there is nothing', () => expect(nearest('x', [])).toBeNull())

test('a hint says the nearest and all, or all alone', () => {
  expect(suggestion('brtfs', WORDS)).toBe(`did you mean btrfs? (known: ${WORDS.join(', ')})`)
  expect(suggestion('devicemapper', WORDS)).toBe(`known: ${WORDS.join(', ')}`)
})
