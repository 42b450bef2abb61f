/** What a thin pool says of itself: Documentation/admin-guide/device-mapper/thin-provisioning.rst, "Status". */
import { driverError } from '../common/catalog.ts'

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
  /** `fail`: the metadata cannot be read or written any more, and no counts are told (all are 0). */
  mode: 'rw' | 'ro' | 'out_of_data_space' | 'fail'
  discards: 'ignore' | 'passdown' | 'no passdown'
  /** What happens to a write that needs a block when there is none: it fails, or waits until the pool is larger. */
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

/** Throws `driver.pool-full` or `driver.pool-failed` when the pool takes no writes any more. */
export function requireWritable(status: PoolStatus): void {
  if (status.mode === 'rw') return
  const data = `${status.usedDataBlocks} of ${status.totalDataBlocks} data blocks`
  const metadata = `${status.usedMetadataBlocks} of ${status.totalMetadataBlocks} metadata blocks`
  if (status.mode === 'out_of_data_space') {
    throw driverError('pool-full', `the thin pool is full: ${data}; a larger --scratch-size makes room`)
  }
  throw driverError(
    'pool-failed',
    `the thin pool takes no writes (${status.mode}${status.needsCheck ? ', needs check' : ''}): ${metadata}, ${data} used`,
  )
}
