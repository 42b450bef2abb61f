/** A run whose measuring process hangs, as a process: folder, folder of the journals and id are its arguments. */
import { openJournal } from '../../journal/journal.ts'
import { supervise } from '../../runner/supervise.ts'
import { writeHungFuse } from '../../testing/hung-fuse.ts'
import { smallPlan } from '../../testing/small-run.ts'

const [folder = '', journals = '', run = ''] = process.argv.slice(2)
const journal = openJournal(journals, run, [folder])
journal.record({ kind: 'directory', path: `${folder}/${run}` })
await supervise({
  program: writeHungFuse(folder),
  command: {
    type: 'job',
    job: {
      plan: smallPlan(),
      device: null,
      runId: run,
      runFolder: folder,
      directory: `${folder}/${run}`,
      journalDirectory: journals,
      resumed: null,
    },
  },
  journal,
  hint: null,
  onMessage: ({ type }) => void process.stdout.write(`${type}\n`),
  onSignal: () => () => undefined,
})
