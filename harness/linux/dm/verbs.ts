/** One function a request to device mapper. All are synchronous; errors are those of `Control.call`. */
import type { Control } from './control.ts'
import { answerData, decodeHeader, DmFlag } from './header.ts'
import { decodeNames, decodeVersions, type NamedDevice, type TargetVersion } from './lists.ts'
import { decodeTargets, encodeTargets, type Target, encodeMessage } from './targets.ts'

/** Bytes to begin with for answers of unknown length; libdevmapper's choice too. */
const ANSWER_CAPACITY = 16384

/**
 * Flags for udev's rules, by way of DM_COOKIE, when a device is resumed: the upper 16 bits of `event_nr` hold
 * libdevmapper's DM_UDEV_* flags. Here: primary source, and no rules of device mapper, subsystem, disk or others.
 * So udev neither makes the node in /dev/mapper, which would race with ours, nor opens the device to look for a
 * file system, which would make a removal shortly after fail with EBUSY.
 */
const UDEV_HANDS_OFF = ((0x0040 | 0x0001 | 0x0002 | 0x0004 | 0x0008) << 16) >>> 0

/** Device mapper's interface version: `4.48.0`. */
export function interfaceVersion(control: Control): string {
  return decodeHeader(control.call('version', {})).version.join('.')
}

/** Returns the targets that the kernel has now; a module adds its own when it is loaded. */
export function listTargets(control: Control): TargetVersion[] {
  return decodeVersions(answerData(control.call('listVersions', {}, ANSWER_CAPACITY)))
}

export function listDevices(control: Control): NamedDevice[] {
  return decodeNames(answerData(control.call('listDevices', {}, ANSWER_CAPACITY)))
}

/** Makes a device without a table. EBUSY: the name is taken. Returns its number in the kernel's encoding. */
export function createDevice(control: Control, name: string): number {
  return decodeHeader(control.call('create', { name })).dev
}

/** Loads a table into the inactive slot; {@link resumeDevice} makes it the live one. */
export function loadTable(control: Control, name: string, targets: readonly Target[]): void {
  control.call('load', { name, targetCount: targets.length, payload: encodeTargets(targets) })
}

/** DM_DEV_SUSPEND without the flag to suspend: resumes, with the table that was loaded. */
export function resumeDevice(control: Control, name: string): void {
  control.call('suspend', { name, eventNumber: UDEV_HANDS_OFF })
}

/** Returns the status of every target. A thin pool commits its metadata first, so that the counts are of now. */
export function tableStatus(control: Control, name: string): Target[] {
  const answer = control.call('tableStatus', { name }, ANSWER_CAPACITY)
  return decodeTargets(answerData(answer), decodeHeader(answer).targetCount)
}

/** Returns the table that a device has now, as it was loaded. */
export function tableOf(control: Control, name: string): Target[] {
  const answer = control.call('tableStatus', { name, flags: DmFlag.statusTable }, ANSWER_CAPACITY)
  return decodeTargets(answerData(answer), decodeHeader(answer).targetCount)
}

/** Sends a message to the target at the device's first sector. */
export function sendMessage(control: Control, name: string, text: string): void {
  control.call('message', { name, payload: encodeMessage(text) })
}

/** EBUSY while something has it open; ENXIO when it does not exist. Never deferred. */
export function removeDevice(control: Control, name: string): void {
  control.call('remove', { name })
}
