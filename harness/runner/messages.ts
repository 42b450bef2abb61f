/** Messages between the measuring process and the parent that watches it. */
import type { ErrorData } from '../contracts/error-data.ts'
import type { StopReason, TrialProgress } from './rounds.ts'
import type { Calibration } from '../contracts/calibration.ts'
import type { DeviceIdentity } from '../contracts/device.ts'
import type { ImageInfo } from '../contracts/run.ts'
import type { Outcome } from '../contracts/cell.ts'
import type { Plan } from '../contracts/plan.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { Warning } from '../contracts/warning.ts'

/** Input of the measuring process. The plan names drivers and scenarios; the process finds them in its registry. */
export interface Job {
  plan: Plan
  /** The device that was checked; null: loop files. */
  device: DeviceIdentity | null
  runId: string
  runFolder: string
  /** An empty folder on a short path for mount points. */
  directory: string
  journalDirectory: string
  /** What a run that is resumed has spent: its samples are in the folder. Null for one that begins. */
  resumed: { spentSeconds: number } | null
}

/** Job of `bench calibrate`: only a calibration. */
export interface CalibrationJob {
  extent: Calibration['extent']
  scratch: RunOptions['scratch']
  /** A device with a signature that may be overwritten all the same: its by-id name or serial. */
  destroy: string | null
  /** The device that was checked; null: loop files. */
  device: DeviceIdentity | null
  /** Names the scratch and the journal. */
  runId: string
  /** An empty folder for files of its own. */
  directory: string
  journalDirectory: string
}

/** The first message of the parent, unless it asks to stop before. */
export type ParentCommand = { type: 'job'; job: Job } | { type: 'calibrate'; job: CalibrationJob }

/** `drawn`: the parent has drawn a trial that was announced. */
export type ToChild = ParentCommand | { type: 'stop' } | { type: 'drawn' }

export type FromChild =
  | { type: 'ready' }
  | { type: 'preparing'; configuration: string; what: string; done: number; total: number }
  | { type: 'calibrating'; what: string }
  | { type: 'calibrated'; calibration: Calibration }
  | { type: 'flush-delay'; configuration: string; seconds: number }
  | { type: 'image'; id: string; info: ImageInfo }
  | { type: 'outcome'; cells: readonly string[]; outcome: Outcome }
  | ({ type: 'trial'; cell: string } & TrialProgress)
  | { type: 'stopped'; reason: StopReason }
  | { type: 'warning'; warning: Warning }
  | { type: 'done'; stopped: boolean }
  | { type: 'error'; error: ErrorData }
