import { expect, test } from 'vitest'
import { createDialogue } from './dialogue.ts'

/** Hears pieces, one nanosecond after the other. */
function heard(pieces: readonly string[]) {
  const dialogue = createDialogue()
  for (const [index, piece] of pieces.entries()) dialogue.hear(piece, BigInt(index))
  return dialogue
}

const WHOLE =
  '[    0.1] tsc: odd\r\nbench:init\r\n[    2.0] 9p: Loaded\r\nbench:output\r\nready\r\nbench:exit 0\r\n'

test('the marks are found wherever the line is cut', async () => {
  for (const size of [1, 2, 3, 7, WHOLE.length]) {
    const pieces = Array.from({ length: Math.ceil(WHOLE.length / size) }, (_, index) =>
      WHOLE.slice(index * size, (index + 1) * size),
    )
    const dialogue = heard(pieces)
    const [init, first] = await Promise.all([dialogue.init, dialogue.firstByte])
    expect(init).toBe(BigInt(Math.floor((WHOLE.indexOf('init') + 5) / size)))
    expect(first).toBe(BigInt(Math.floor(WHOLE.indexOf('ready') / size)))
    expect(dialogue.ended()).toEqual({ output: 'ready\n', exitCode: 0 })
  }
})

test('a container that did not end has no output, and one that failed its exit code', () => {
  expect(heard(['bench:init\n']).ended()).toBeNull()
  expect(heard(['bench:init\nbench:output\nready\n']).ended()).toBeNull()
  expect(heard(['bench:output\nno such file\nbench:exit 127\n']).ended()).toEqual({
    output: 'no such file\n',
    exitCode: 127,
  })
})
