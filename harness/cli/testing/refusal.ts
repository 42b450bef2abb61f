import { expect } from 'vitest'
import { makePlace, treeOf, type Place } from './bench.ts'
import { benchHere } from './here.ts'

/** Title, command line (arguments separated by blanks, or made in a place), expected message, exit code if not 2. */
export type Refusal = readonly [
  what: string,
  args: string | ((place: Place) => readonly string[]),
  says: RegExp,
  code?: number,
]

/** For `test.each`: the title beside the row. */
export function named(refusals: readonly Refusal[]): [string, Refusal][] {
  return refusals.map((refusal) => [refusal[0], refusal])
}

/** One line on standard error, the exit code, and nothing else: no output, no stack, no file. */
export async function expectRefusal(
  [, args, says, code = 2]: Refusal,
  run: typeof benchHere = benchHere,
): Promise<void> {
  using place = makePlace()
  const words = typeof args === 'function' ? args(place) : args.split(' ')
  const before = treeOf(place.path)
  const ended = await run(place, ...words)
  expect(ended.stderr).toMatch(/^bench: [^\n]+\n$/)
  expect(ended.stderr).toMatch(says)
  expect(ended).toMatchObject({ code, signal: null, stdout: '' })
  // No run folder, no journal, no scratch. An empty folder for journals is no harm.
  const made = treeOf(place.path).filter((path) => !before.includes(path))
  expect(made.filter((path) => !['state/bench', 'state/bench/journal'].includes(path))).toEqual([])
}
