import { ExitCode } from '../contracts/error.ts'
import { createHost } from '../host/index.ts'
import { deleteJournal, listJournals, ownerLives } from '../journal/journal.ts'
import { undo } from '../journal/undo.ts'
import { journalDirectory } from '../plan/plan.ts'
import { requireRoot } from './namespace.ts'

interface Output {
  write(text: string): unknown
}

/** `bench clean`: undoes what the journals of dead runs name, and nothing else. */
export async function clean(context: { stdout: Output; stderr: Output }): Promise<number> {
  requireRoot('bench clean')
  const host = createHost({ record: () => undefined, settle: () => undefined })
  let failed = false
  let found = 0
  for (const journal of listJournals(journalDirectory())) {
    const name = journal.owner?.run ?? journal.path
    if (ownerLives(journal.owner)) {
      context.stdout.write(`run ${name} is going on (process ${journal.owner?.pid}): left alone\n`)
      continue
    }
    found += 1
    context.stdout.write(`run ${name} did not clean up after itself\n`)
    const results = await undo(host, journal.open)
    for (const { done, error, entry } of results) {
      if (done !== null) context.stdout.write(`  ${done}\n`)
      if (error !== null) context.stderr.write(`bench: ${entry.kind}: ${error}\n`)
    }
    if (results.some(({ error }) => error !== null)) failed = true
    else deleteJournal(journal.path)
  }
  if (found === 0) context.stdout.write('nothing to clean\n')
  return failed ? ExitCode.notCleaned : ExitCode.done
}
