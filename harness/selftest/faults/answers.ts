/** Answers that come one by one from another process, a line of JSON each. */
import { visible } from '../../terminal/visible.ts'
import type { Answer } from './table.ts'

type Line = Answer | { begun: string }

/**
 * Collects the answers of a process that prints a line for each and, before it, one for what begins (`begun`). Bad answers are
 * shown on standard error at once. A case that ended the process is a bad answer. `run` returns the exit code.
 */
export async function readAnswers(
  run: (onLine: (text: string) => void) => Promise<number | null>,
): Promise<Answer[]> {
  const answers: Answer[] = []
  let begun = 'the process'
  const code = await run((text) => {
    const line = JSON.parse(text) as Line
    if ('begun' in line) begun = line.begun
    else {
      answers.push(line)
      if (line.bad.length > 0) process.stderr.write(`${visible(`${line.what}: ${line.bad.join('; ')}`)}\n`)
    }
  })
  if (code === 0) return answers
  return [...answers, { what: begun, message: '', exit: code, bad: ['it did not end, or ended the process'] }]
}
