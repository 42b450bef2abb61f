/** Status of a thin pool: Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Status". */
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import { driverError } from '../catalog.ts'

export interface PoolStatus {
  transaction: number
  /** Blocks of 4 KiB. */
  usedMetadataBlocks: number
  totalMetadataBlocks: number
  /** Blocks of the pool's own size. */
  usedDataBlocks: number
  totalDataBlocks: number
  /** The metadata block that holds the root of the metadata snapshot, or null when there is none. */
  metadataSnapshot: number | null
  /** `fail`: the metadata can no longer be read or written, and the counts are unknown (all are 0). */
  mode: 'rw' | 'ro' | 'out_of_data_space' | 'fail'
  discards: 'ignore' | 'passdown' | 'no passdown'
  /** Behaviour of a write that needs a block when there is none: it fails, or waits until the pool is larger. */
  whenFull: 'error' | 'queue'
  /** thin_check has to look at the metadata before the pool can be used again. */
  needsCheck: boolean
}

const PATTERN =
  /^(\d+) (\d+)\/(\d+) (\d+)\/(\d+) (-|\d+) (rw|ro|out_of_data_space) (ignore_discard|discard_passdown|no_discard_passdown) (error_if_no_space|queue_if_no_space)(?: (needs_check|-))?(?: \d+)?\s*$/

const DISCARDS: Readonly<Record<string, PoolStatus['discards']>> = {
  ignore_discard: 'ignore',
  discard_passdown: 'passdown',
  no_discard_passdown: 'no passdown',
}

const FAILED: PoolStatus = {
  transaction: 0,
  usedMetadataBlocks: 0,
  totalMetadataBlocks: 0,
  usedDataBlocks: 0,
  totalDataBlocks: 0,
  metadataSnapshot: null,
  mode: 'fail',
  discards: 'ignore',
  whenFull: 'error',
  needsCheck: true,
}

/** `0 24/5120 1130/32256 - rw no_discard_passdown error_if_no_space - 1024`; since Linux 4.20 with the last two. */
export function parsePoolStatus(text: string): PoolStatus {
  if (/^(?:Fail|Error)\s*$/.test(text)) return FAILED
  const match = PATTERN.exec(text)
  if (match === null) throw driverError('pool-status', `not a thin pool’s status: ${text}`)
  const [, transaction, usedMetadata, totalMetadata, usedData, totalData, held, mode, discards, full, check] =
    match
  return {
    transaction: Number(transaction),
    usedMetadataBlocks: Number(usedMetadata),
    totalMetadataBlocks: Number(totalMetadata),
    usedDataBlocks: Number(usedData),
    totalDataBlocks: Number(totalData),
    metadataSnapshot: held === '-' ? null : Number(held),
    mode: mode as PoolStatus['mode'],
    discards: DISCARDS[discards ?? ''] ?? 'ignore',
    whenFull: full === 'error_if_no_space' ? 'error' : 'queue',
    needsCheck: check === 'needs_check',
  }
}

/** Returns why the pool takes no writes any more: `driver.pool-full`, `driver.pool-failed`; null where it does. */
export function failureOf(status: PoolStatus): BenchError | null {
  if (status.mode === 'rw') return null
  const { data, metadata } = describe(status)
  if (status.mode === 'out_of_data_space') return poolFull(`the thin pool is full: ${data}`)
  return driverError(
    'pool-failed',
    `the thin pool takes no writes (${status.mode}${status.needsCheck ? ', needs check' : ''}): ${metadata}, ${data} used`,
  )
}

/** Throws {@link failureOf}. */
export function requireWritable(status: PoolStatus): void {
  const failure = failureOf(status)
  if (failure !== null) throw failure
}

/** Returns the share of the data and of the metadata that is free: the smaller of the two. */
export function freeShare(status: PoolStatus): number {
  const { usedDataBlocks, totalDataBlocks, usedMetadataBlocks, totalMetadataBlocks } = status
  return Math.min(
    (totalDataBlocks - usedDataBlocks) / totalDataBlocks,
    (totalMetadataBlocks - usedMetadataBlocks) / totalMetadataBlocks,
  )
}

/** Throws `driver.pool-full` where less than `percent` is free: devmapper/deviceset.go, poolHasFreeSpace. */
export function requireFree(status: PoolStatus, percent: number): void {
  if (freeShare(status) * 100 >= percent) return
  const { data, metadata } = describe(status)
  throw poolFull(`the thin pool has less than ${percent} % free: ${data}, ${metadata}`)
}

function describe({ usedDataBlocks, totalDataBlocks, usedMetadataBlocks, totalMetadataBlocks }: PoolStatus): {
  data: string
  metadata: string
} {
  return {
    data: `${usedDataBlocks} of ${totalDataBlocks} data blocks`,
    metadata: `${usedMetadataBlocks} of ${totalMetadataBlocks} metadata blocks`,
  }
}

function poolFull(message: string): BenchError {
  return new BenchError(message, {
    code: 'driver.pool-full',
    hint: 'use a larger --scratch-size, or smaller parameters',
    exitCode: ExitCode.cellFailed,
  })
}
