/** The parent of a run: starts the measuring process, keeps run.json, and leaves nothing behind. */
import { toData, type ErrorData } from '../contracts/error-data.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { ImageInfo, Run } from '../contracts/run.ts'
import { cleanUpAfter, type HostForUndo, type UndoResult } from '../journal/clean-up.ts'
import { writeRun } from '../results/run-folder.ts'
import type { FromChild, Job } from './messages.ts'
import { finishRun, type RunResult } from './run.ts'
import { STUCK, supervise, type SuperviseInputs } from './supervise.ts'

/** Run.json is rewritten at most this often while measuring: samples are durable by themselves. */
const REWRITE_MILLISECONDS = 2000

const KEPT = 'what was measured until then is kept; bench report draws it, bench run --resume goes on'

export interface WatchInputs extends Omit<SuperviseInputs, 'command' | 'hint'> {
  job: Job
  run: Run
  host: HostForUndo
}

export async function watch(inputs: WatchInputs): Promise<RunResult> {
  const { run, job } = inputs
  let written = 0

  const ending = await supervise({
    ...inputs,
    command: { type: 'job', job },
    hint: KEPT,
    onMessage(message) {
      keep(run, message)
      if (Date.now() - written > REWRITE_MILLISECONDS) {
        writeRun(job.runFolder, run)
        written = Date.now()
      }
      return inputs.onMessage(message)
    },
  })
  finishRun(run, ending)
  // First: the scratch may lie on the same disk, which is full.
  const notCleaned = await cleanUpUnlessStuck(inputs, ending.error)
  const unwritten = thrownBy(() => writeRun(job.runFolder, run))
  return { run, error: ending.error ?? unwritten, signal: ending.signal, notCleaned }
}

/**
 * Undoes what the run made, unless its measuring process cannot be killed and still uses it. Returns what could not be
 * removed.
 */
export async function cleanUpUnlessStuck(
  { host, journal }: Pick<WatchInputs, 'host' | 'journal'>,
  error: ErrorData | null,
): Promise<readonly UndoResult[]> {
  return error?.code === STUCK ? [] : cleanUpAfter(host, journal.path)
}

function thrownBy(work: () => void): ErrorData | null {
  try {
    work()
    return null
  } catch (error) {
    return toData(error)
  }
}

/** Throws where a run that was resumed has made another image than before. */
function requireSameImage({ images, interruptions }: Run, id: string, { manifest }: ImageInfo): void {
  const before = images[id]
  if (interruptions === undefined || before === undefined || before.manifest === manifest) return
  throw new BenchError(`the image ${id} is not the one that the run had before`, {
    code: 'resume.image',
    hint: 'measure again with bench run',
    exitCode: ExitCode.cellFailed,
  })
}

/** Applies a message to run.json. */
function keep(run: Run, message: FromChild): void {
  if (message.type === 'image') {
    requireSameImage(run, message.id, message.info)
    run.images[message.id] = message.info
  }
  if (message.type === 'calibrated') run.calibration = message.calibration
  if (message.type === 'flush-delay') {
    const injected = run.options.injected[message.configuration]
    if (typeof injected === 'object') injected.measured = message.seconds
  }
  if (message.type === 'stopped') run.stopped = message.reason
  if (message.type === 'warning') run.warnings.push(message.warning)
  if (message.type === 'outcome') for (const cell of message.cells) run.outcomes[cell] = message.outcome
}
