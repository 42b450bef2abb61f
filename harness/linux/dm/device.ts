/** A device with its node: the requests that belong together. */
import { mkdirSync, statSync, unlinkSync, constants } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../../contracts/syscalls.ts'
import { dmErrno, type Control, dmError } from './control.ts'
import type { Target } from './targets.ts'
import { createDevice, loadTable, removeDevice, resumeDevice } from './verbs.ts'

export interface ActiveDevice {
  readonly name: string
  /** Device number in the kernel's encoding. */
  readonly dev: number
  /** `/dev/mapper/NAME` */
  readonly node: string
}

/**
 * Creates a device, loads its table, resumes it and makes its node; what was made is removed again when a step
 * fails. Throws `driver.exists` when the name is taken.
 */
export function activate(control: Control, name: string, targets: readonly Target[]): ActiveDevice {
  const dev = createNew(control, name)
  const node = join(control.files.mapper, name)
  try {
    loadTable(control, name, targets)
    resumeDevice(control, name)
    makeNode(control, node, dev)
  } catch (error) {
    removeDevice(control, name)
    throw error
  }
  return { name, dev, node }
}

/** Removes a device and its node. Throws `driver.busy`, and leaves both, while it is mounted or open. */
export function deactivate(control: Control, device: ActiveDevice): void {
  try {
    removeDevice(control, device.name)
  } catch (error) {
    if (dmErrno(error) === 'EBUSY') throw dmError('busy', `${device.node} is in use`, error)
    throw error
  }
  removeNode(device.node)
}

function createNew(control: Control, name: string): number {
  try {
    return createDevice(control, name)
  } catch (error) {
    if (dmErrno(error) !== 'EBUSY') throw error
    throw dmError('exists', `a device-mapper device ${name} exists already; bench clean removes it`, error)
  }
}

/** A node that a killed run left behind may be another device's by now, so an old one is replaced. */
function makeNode(control: Control, node: string, dev: number): void {
  mkdirSync(control.files.mapper, { recursive: true })
  const MODE = constants.S_IFBLK | 0o600
  try {
    control.syscalls.mknod(node, MODE, dev)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    if (statSync(node).rdev === dev) return
    unlinkSync(node)
    control.syscalls.mknod(node, MODE, dev)
  }
}

function removeNode(node: string): void {
  try {
    unlinkSync(node)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
