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
}

const WIDEST = 90

/** Returns a table of the answers: the bad ones only, or all. */
export function answerTable(answers: readonly Answer[], which: 'bad' | 'all'): string {
  const shown = which === 'all' ? answers : answers.filter(({ bad }) => bad.length > 0)
  const cut = (text: string) => cutText(text, WIDEST)
  const rows = shown.map(({ what, message, exit, bad }) => [
    cut(what),
    String(exit ?? 'killed'),
    cut(message),
    bad.join('; ') || '-',
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
  return `${title}: ${answers.length} cases (exit codes ${counts.join(', ')}), ${bad} bad answers`
}
