/** The measuring process's part of `bench calibrate`. */
import { mkdirSync, rmSync } from 'node:fs'
import { createHost } from '../host/index.ts'
import { openJournal } from '../journal/journal.ts'
import { calibrateScratch } from '../runner/calibrate-scratch.ts'
import type { CalibrationJob, FromChild } from '../runner/messages.ts'
import { openScratch } from '../runner/scratch.ts'

export async function calibrateAlone(
  job: CalibrationJob,
  send: (message: FromChild) => void,
  stopping: () => boolean,
): Promise<void> {
  const { directory, scratch } = job
  const journal = openJournal(job.journalDirectory, job.runId)
  const host = createHost(journal)
  try {
    journal.record({ kind: 'directory', path: directory })
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const calibration = await calibrateScratch({
      host,
      extent: job.extent,
      makeScratch: (configurations) =>
        openScratch(host, scratch, job.runId, configurations, { destroy: job.destroy, identity: job.device }),
      size: scratch.size,
      directory,
      stopping,
      onStep: (what) => send({ type: 'calibrating', what }),
    })
    if (calibration !== null) send({ type: 'calibrated', calibration })
    rmSync(directory, { recursive: true, force: true })
    journal.settle({ kind: 'directory', path: directory })
  } finally {
    journal.close()
  }
}
