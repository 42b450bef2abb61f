import type { IoCounters, Resources, Sample } from '../../harness/contracts/sample.ts'
import { median } from '../../harness/statistics/quantile.ts'
import type { NumberColumn } from './number-column.ts'

/** A number that was counted in each sample. */
export interface Counter {
  median: number
  /** Every sample had this very number, and there are several. */
  exact: boolean
}

/**
 * Counters over a whole sample, from rest before `prepare` to rest after the work, and how they are read from a sample.
 * Null where it was not counted.
 */
export const COUNTERS = {
  bytesRead: (sample) => io(sample)?.bytesRead ?? null,
  bytesWritten: (sample) => io(sample)?.bytesWritten ?? null,
  reads: (sample) => io(sample)?.reads ?? null,
  writes: (sample) => io(sample)?.writes ?? null,
  flushes: (sample) => io(sample)?.flushes ?? null,
  bytesAllocated: (sample) => sample.allocated?.bytes ?? null,
  bytesChanged: (sample) => sample.witness?.bytesChanged ?? null,
  writeAmplification: (sample) => perByteChanged(sample, io(sample)?.bytesWritten),
  spaceAmplification: (sample) => perByteChanged(sample, sample.allocated?.bytes),
  processorSeconds: (sample) => processorSeconds(resources(sample)),
  kernelSeconds: (sample) => resources(sample)?.kernelSeconds ?? null,
  contextSwitches: (sample) => contextSwitches(resources(sample)),
  ioPressure: (sample) => resources(sample)?.ioPressureSome ?? null,
  stealSeconds: (sample) => resources(sample)?.stealSeconds ?? null,
} as const satisfies Record<string, (sample: Sample) => number | null>

export type CounterId = keyof typeof COUNTERS

export const COUNTER_IDS = Object.keys(COUNTERS) as CounterId[]

/** The median over the samples, and whether every one of them had that very number; null where none was counted. */
export function counterOf(column: NumberColumn): Counter | null {
  const values = column.known()
  const middle = median(values)
  if (middle === null) return null
  return { median: middle, exact: values.length > 1 && values.every((value) => value === values[0]) }
}

function io(sample: Sample): IoCounters | undefined {
  return sample.io['total']
}

function resources(sample: Sample): Resources | undefined {
  return sample.resources['total']
}

function perByteChanged(sample: Sample, bytes: number | undefined): number | null {
  const changed = sample.witness?.bytesChanged
  return bytes === undefined || !changed ? null : bytes / changed
}

/** Returns CPU seconds of the measuring process and of its ended children, in user and in kernel mode. */
function processorSeconds(taken: Resources | undefined): number | null {
  if (taken === undefined) return null
  return taken.userSeconds + taken.systemSeconds + taken.childUserSeconds + taken.childSystemSeconds
}

function contextSwitches(taken: Resources | undefined): number | null {
  return taken === undefined ? null : taken.voluntarySwitches + taken.involuntarySwitches
}
