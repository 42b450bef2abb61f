/** The answers of `bench` to what was tried, and their table. */
import { plainTable } from '../../terminal/text-table.ts'
import { cutText } from '../../terminal/text-table.ts'

/** What `bench` did with one case. */
export interface Answer {
  what: string
  /** First line on standard error. */
  message: string
  /** Exit code; null where it was killed. */
  exit: number | null
  /** Reasons why the answer is bad; empty for a good answer. */
  bad: readonly string[]
  /** Why `bench` has no say in the answer: `Node itself is killed`. */
  expected?: string
}

const WIDEST = 90

/** Returns a table of the answers: the bad ones only, or all. */
export function answerTable(answers: readonly Answer[], which: 'bad' | 'all'): string {
  const shown =
    which === 'all'
      ? answers
      : answers.filter(({ bad, expected }) => bad.length > 0 || expected !== undefined)
  const cut = (text: string) => cutText(text, WIDEST)
  const rows = shown.map(({ what, message, exit, bad, expected }) => [
    cut(what),
    String(exit ?? 'killed'),
    cut(message),
    [...bad, ...(expected === undefined ? [] : [`expected: ${expected}`])].join('; ') || '-',
  ])
  return plainTable(['case', 'exit', 'message', 'bad'], rows)
}

/** Returns how many cases there were of each exit code, and how many answers were bad. */
export function tally(title: string, answers: readonly Answer[]): string {
  const codes = new Map<string, number>()
  for (const { exit } of answers) {
    const code = exit === null ? 'killed' : String(exit)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  const counts = [...codes].toSorted(([a], [b]) => a.localeCompare(b)).map(([code, n]) => `${code}: ${n}`)
  const bad = answers.filter((answer) => answer.bad.length > 0).length
  const expected = answers.filter((answer) => answer.expected !== undefined).length
  const own = expected === 0 ? '' : `, ${expected} of them expected for a reason that is not of bench,`
  return `${title}: ${answers.length} cases${own} (exit codes ${counts.join(', ')}), ${bad} bad answers`
}
