/** The measuring process's part of `bench calibrate`. */
import { createHost } from '../host/index.ts'
import { joinJournal } from '../journal/journal.ts'
import { makeRuntimeDirectory, removeRuntimeDirectory } from '../journal/runtime-directory.ts'
import { calibrateScratch } from '../runner/calibrate-scratch.ts'
import type { CalibrationJob, FromChild } from '../runner/messages.ts'
import { openScratch } from '../runner/scratch.ts'

export async function calibrateAlone(
  job: CalibrationJob,
  send: (message: FromChild) => void,
  stopping: () => boolean,
): Promise<void> {
  const { directory, scratch } = job
  const journal = joinJournal(job.journalDirectory, job.runId)
  const host = createHost(journal)
  try {
    makeRuntimeDirectory(journal, directory, job.runId)
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
    removeRuntimeDirectory(journal, directory)
  } finally {
    journal.close()
  }
}
