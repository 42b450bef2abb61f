/** What a good refusal looks like: one line, an exit code of the list, no stack, nothing that a terminal obeys. */

/** Returns the first line of a text. */
export function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

/** Said of a program that was killed, or took too long. */
export const NOT_ENDED = 'it did not end'

/** Returns why an answer on standard error is bad. `codes`: the exit codes that are right. */
export function badLines(stderr: string, exit: number | null, codes: readonly number[]): string[] {
  const bad: string[] = []
  if (exit === null) bad.push(NOT_ENDED)
  else if (!codes.includes(exit)) bad.push(`exit code ${exit}`)
  if (exit !== null && !says(stderr, exit)) bad.push('nothing was said')
  return [...bad, ...badText(stderr)]
}

/** Exit codes of a program that a signal has stopped are larger. */
const SIGNALLED = 128

/** Codes of a run that has a result: it says in its report what could not run, and what failed. */
const WITH_RESULT = [3, 5]

function says(stderr: string, exit: number): boolean {
  // A signal that comes before anything was begun ends the program without a word, as it does any other.
  if (exit === 0 || exit > SIGNALLED) return true
  return WITH_RESULT.includes(exit) ? stderr.trim() !== '' : /^bench: \S/m.test(stderr)
}

/** Returns what is bad in a text that reached a terminal: a stack, or characters that it obeys. */
export function badText(text: string): string[] {
  const bad: string[] = []
  if (/^\s+at .+:\d+:\d+\)?$/m.test(text)) bad.push('a stack')
  if (/[^\P{Cc}\n\t]|\p{Bidi_Control}/u.test(text)) bad.push('control characters')
  return bad
}
