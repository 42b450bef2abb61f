/** Tries hostile journals on `bench clean` in a sandbox. */
import { runInSandbox } from '../sandbox.ts'
import type { Answer } from '../table.ts'
import { shortMessage, type Row } from './journals.ts'

/** Mebibytes of the files of loop devices that are precious; the second gets a partition table. */
const LOOPS = [1, 8]

const LONGEST_SECONDS = 600

/** Returns a row for each hostile journal. Throws where the sandbox did not come to its end. */
export async function runJournals(seed: number): Promise<Row[]> {
  const { code, stdout } = await runInSandbox(
    'journals/in-sandbox.ts',
    LOOPS,
    [String(seed)],
    LONGEST_SECONDS,
  )
  const lines = stdout.split('\n').filter(Boolean)
  if (code !== 0) throw new Error(`the sandbox ended with ${code} after ${lines.length} journals`)
  return lines.map((line) => JSON.parse(line) as Row)
}

/** Returns the answer to each hostile journal. */
export async function journalAnswers(seed: number): Promise<Answer[]> {
  const rows = await runJournals(seed)
  return rows.map((row) => ({
    what: row.kind,
    message: shortMessage(row),
    exit: row.exit,
    bad: [...row.touched.map((name) => `touched ${name}`), ...row.wrong],
  }))
}
