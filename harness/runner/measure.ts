/**
 * The measuring process: process 1 of its own process namespace, in its own mount namespace. When it ends,
 * however it ends, the kernel takes its mounts, processes and loop devices with it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../contracts/error.ts'
import { makeRuntimeDirectory, removeRuntimeDirectory } from '../journal/runtime-directory.ts'
import { openResources } from '../measurement/resources.ts'
import { buildStores } from './build-stores.ts'
import { calibrateScratch } from './calibrate-scratch.ts'
import { hostProc } from './host-proc.ts'
import type { MeasureInputs } from './measure-inputs.ts'
import type { FromChild } from './messages.ts'
import type { ReadyCell } from './ready-cell.ts'
import { monotonicSeconds, runRounds } from './rounds.ts'
import type { OpenStore } from './stores.ts'
import { probeAll } from './supported.ts'

export async function measure(inputs: MeasureInputs): Promise<void> {
  const started = monotonicSeconds()
  const { journal } = inputs.host
  makeRuntimeDirectory(journal, inputs.directory, inputs.runId)
  const supported = await probeAll(inputs)
  if (supported.length === 0 || inputs.stopping()) {
    removeRuntimeDirectory(journal, inputs.directory)
    return
  }
  await calibrateFirst(inputs)
  const scratch = await inputs.makeScratch(supported)
  const stores = new Map<string, OpenStore>()
  try {
    const cells = await buildStores(inputs, supported, scratch, stores)
    await rounds(inputs, cells, started)
  } finally {
    const closed = await closeAll(stores, inputs.send)
    // With a store still mounted, what lies below it is not to be deleted: the parent undoes it from the journal.
    if (closed) {
      await scratch.release()
      removeRuntimeDirectory(journal, inputs.directory)
    }
  }
}

/** Before anything is made on the scratch. What cannot be calibrated is said, and measured without. */
async function calibrateFirst(inputs: MeasureInputs): Promise<void> {
  const { options, send } = inputs
  if (options.calibration === 'none') return
  const directory = join(inputs.directory, 'calibration')
  mkdirSync(directory)
  try {
    const calibration = await calibrateScratch({
      host: inputs.host,
      extent: options.calibration,
      makeScratch: inputs.makeScratch,
      size: options.scratch.size,
      directory,
      stopping: inputs.stopping,
      onStep: (what) => send({ type: 'calibrating', what }),
    })
    if (calibration !== null) send({ type: 'calibrated', calibration })
  } catch (error) {
    send({ type: 'warning', warning: { code: 'calibration.failed', message: messageOf(error) } })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function rounds(inputs: MeasureInputs, cells: readonly ReadyCell[], started: number): Promise<void> {
  const { options, send } = inputs
  if (cells.length === 0 || inputs.stopping()) return
  const resources = openResources(inputs.host.syscalls, hostProc())
  const reason = await runRounds({
    host: inputs.host,
    cells,
    rounds: options.rounds,
    maxRounds: options.maxRounds,
    aim: options,
    seed: options.seed,
    injected: options.injected,
    resources,
    deadline: options.budgetSeconds === null ? null : started + options.budgetSeconds - inputs.spentSeconds,
    earlier: inputs.earlier,
    directory: join(inputs.directory, 't'),
    order: inputs.order,
    append: inputs.append,
    onTrial: (cell, progress) => inputs.announce({ type: 'trial', cell: cell.id, ...progress }),
    onOutcome: (cell, outcome) => send({ type: 'outcome', cells: [cell.id], outcome }),
    stopping: inputs.stopping,
  }).finally(() => resources.close())
  send({ type: 'stopped', reason })
}

async function closeAll(
  stores: ReadonlyMap<string, OpenStore>,
  send: (message: FromChild) => void,
): Promise<boolean> {
  let closed = true
  for (const [configuration, store] of stores) {
    try {
      await store.close()
    } catch (error) {
      closed = false
      send({
        type: 'warning',
        warning: { code: 'store.not-closed', message: `${configuration}: ${messageOf(error)}` },
      })
    }
  }
  return closed
}
