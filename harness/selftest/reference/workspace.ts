/** Workspace of a reference: a folder and a journal of its own, so that `bench clean` removes what a killed one left. */
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { createHost } from '../../host/index.ts'
import { deleteJournal } from '../../journal/clean-up.ts'
import { openJournal } from '../../journal/journal.ts'
import { readJournal } from '../../journal/read-journal.ts'
import { RUN_VARIABLE } from '../../journal/rules.ts'
import { journalDirectory, stateDirectory } from '../../linux/xdg.ts'
import { makeRunId } from '../../results/run-folder.ts'

/** Returns the folder of the loop files of all references. */
export function referenceScratch(): string {
  return join(stateDirectory(), 'reference')
}

/** Disposing it removes the folder, and the journal unless something else is still open in it. */
export interface Workspace extends Disposable {
  /** Id like that of a run; the names of everything that is made carry it. */
  id: string
  /** Host that records in the journal. */
  host: Host
  /** Empty. */
  directory: string
}

export function openWorkspace(): Workspace {
  const id = makeRunId(new Date(), Math.random)
  const journal = openJournal(journalDirectory(), id, [tmpdir(), referenceScratch()])
  process.env[RUN_VARIABLE] = id
  const directory = join(tmpdir(), `bench-${id}`)
  const entry = { kind: 'directory', path: directory } as const
  journal.record(entry)
  mkdirSync(directory, { mode: 0o700 })
  return {
    id,
    host: createHost(journal),
    directory,
    [Symbol.dispose]() {
      rmSync(directory, { recursive: true, force: true })
      journal.forget(entry)
      if (readJournal(journal.path).open.length === 0) deleteJournal(journal.path)
      journal.close()
    },
  }
}
