import { describe, expect, test } from 'vitest'
import { movesCursor, useColor } from './color.ts'

const [terminal, file] = [{ isTTY: true }, {}]

describe('useColor', () => {
  test.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
    ['a terminal', terminal, { TERM: 'xterm' }, true],
    ['a terminal of no name', terminal, {}, true],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
    ['a file', file, { TERM: 'xterm' }, false],
    ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['a file with FORCE_COLOR', file, { FORCE_COLOR: '1' }, true],
    ['a dumb terminal with FORCE_COLOR', terminal, { TERM: 'dumb', FORCE_COLOR: 'true' }, true],
    ['a terminal with FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
    ['a file with both', file, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('of %s', (_, stream, env, colored) => {
    expect(useColor(stream, env)).toBe(colored)
  })
})

test('lines are drawn again at a terminal alone, and not at a dumb one', () => {
  expect(movesCursor(terminal, { TERM: 'xterm' })).toBe(true)
  expect(movesCursor(terminal, { TERM: 'dumb', FORCE_COLOR: '1' })).toBe(false)
  expect(movesCursor(file, { TERM: 'xterm' })).toBe(false)
})
