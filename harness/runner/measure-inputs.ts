/** Inputs of the measuring process, and how it reports a cell that cannot be measured. */
import type { Host } from '../contracts/host.ts'
import type { Outcome } from '../contracts/cell.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import type { Sample } from '../contracts/sample.ts'
import type { FromChild } from './messages.ts'
import type { ReadyCell } from './ready-cell.ts'
import type { EarlierSamples } from './rounds.ts'
import type { ScratchSlots } from './scratch-slot.ts'

export interface MeasureInputs {
  runId: string
  /** An empty folder on a short path for mount points. */
  directory: string
  options: RunOptions
  cells: readonly ResolvedCell[]
  /** Bytes of scratch that each configuration needs. */
  spaceNeeded: Readonly<Record<string, number>>
  host: Host
  makeScratch(configurations: readonly string[]): Promise<ScratchSlots>
  order(cells: readonly ReadyCell[], round: number): ReadyCell[]
  append(sample: Sample): void
  /** Samples from before an interruption; null for a run that begins. */
  earlier: EarlierSamples | null
  /** Seconds of the budget that were used before an interruption. */
  spentSeconds: number
  send(message: FromChild): void
  /** Sends the message and waits until it is drawn. */
  announce(message: FromChild): Promise<void>
  stopping(): boolean
}

/** Tells the parent how these cells ended. */
export function reportOutcome(
  { send }: Pick<MeasureInputs, 'send'>,
  cells: readonly ResolvedCell[],
  outcome: Outcome,
): void {
  send({ type: 'outcome', cells: cells.map(({ cell }) => cell.id), outcome })
}
