/** What the measuring process and the parent that watches it say to each other. */
import type { ExitCode } from '../contracts/error.ts'
import type { ImageInfo, Outcome, Warning } from '../contracts/run.ts'

/** What the measuring process needs. It makes the plan again from the same request: drivers do not travel. */
export interface Job {
  request: unknown
  runId: string
  runFolder: string
  /** An empty folder on a short path for mount points. */
  directory: string
  journalDirectory: string
}

export type ToChild = { type: 'job'; job: Job } | { type: 'stop' }

export type FromChild =
  | { type: 'ready' }
  | { type: 'preparing'; driver: string; what: string; done: number; total: number }
  | { type: 'image'; id: string; info: ImageInfo }
  | { type: 'outcome'; cells: readonly string[]; outcome: Outcome }
  | { type: 'trial'; cell: string; round: number; rounds: number; done: number; total: number }
  | { type: 'warning'; warning: Warning }
  | { type: 'done'; stopped: boolean }
  | { type: 'error'; error: ErrorMessage }

export interface ErrorMessage {
  message: string
  code: string
  hint: string | null
  exitCode: ExitCode
  /** Only of a bug. */
  stack: string | null
}
