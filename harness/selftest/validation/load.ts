/** A second process that disturbs: it writes to the disk in bursts of changing strength, so that the noise drifts. */
import { onUserPath } from '../../contracts/host-error.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { killProgram } from '../../linux/kill-program.ts'
import { makeFolders } from '../../linux/make-folders.ts'
import { inProcessNamespace } from '../../linux/privilege.ts'
import { programNotStarted } from '../../linux/program-errors.ts'

/** fio's file; small enough for any scratch, large enough not to be one track of a disk. */
const FILE_SIZE = 256 * 1024 ** 2
/** Seconds of writing and of silence, in turn; prime to each other and to the length of a round. */
const BURST = 7
const PAUSE = 5
/** Writes a second in the bursts, one after the other: so that what is felt also changes from burst to burst. */
const RATES = [200, 1000, 500, 2000]

export interface Load extends AsyncDisposable {
  /** Description of the load, as a sentence for the report. */
  readonly description: string
}

/**
 * Starts the load on the disk of `folder`. Its file has no name any more, and its processes are a process namespace of
 * their own: whatever ends this program ends all of it, and leaves nothing. Throws where they cannot be started.
 */
export async function startLoad(folder: string): Promise<Load> {
  makeFolders(folder)
  const path = join(folder, `load-${process.pid}`)
  const file = onUserPath(() => openSync(path, 'wx+', 0o600))
  rmSync(path)
  // fio recreates a file that is too short, and would then need a name for it.
  ftruncateSync(file, FILE_SIZE)
  const [program, ...args] = inProcessNamespace(['sh', '-c', SCRIPT])
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', file] })
  closeSync(file)
  await once(child, 'spawn').catch((error: unknown) => {
    throw programNotStarted(program, error)
  })
  return {
    description: `a second process wrote 4 KiB at random to the scratch's disk, flushed, at ${RATES.join(', ')} a second in turn, ${BURST} s on and ${PAUSE} s off`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      killProgram(child.pid ?? null)
      await ended
    },
  }
}

const burst = (rate: number) =>
  `fio --name=load --filename=/proc/self/fd/3 --size=${FILE_SIZE} --rw=randwrite --bs=4k --fdatasync=1 ` +
  `--time_based --runtime=${BURST} --rate_iops=${rate}; sleep ${PAUSE}`
const SCRIPT = `while :; do ${RATES.map(burst).join('; ')}; done`
