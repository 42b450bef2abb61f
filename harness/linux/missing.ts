/** Looks on a host for what is needed, and names what is missing. */
import { existsSync } from 'node:fs'
import { messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Needs, Unsupported } from '../contracts/needs.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { loadModule } from './module.ts'
import { setUpCommand } from './package.ts'
import { DEVICE_FILES, openControl, type Control, type DeviceFiles } from './dm/control.ts'
import { listTargets } from './dm/verbs.ts'

/** Returns what of the needs is missing, the kernel's part first. Loads the modules among them. */
export async function findMissing(
  host: Host,
  needs: Needs,
  deviceFiles: DeviceFiles = DEVICE_FILES,
): Promise<Unsupported[]> {
  for (const module of needs.modules ?? []) await loadModule(host, module)
  const missing = [
    ...(await missingFilesystems(host, needs)),
    ...missingTargets(host, needs, deviceFiles),
    ...missingPrograms(host, needs),
  ]
  return needs.hint === undefined ? missing : missing.map((one) => ({ ...one, hint: needs.hint ?? one.hint }))
}

async function missingFilesystems(host: Host, { filesystems = [] }: Needs): Promise<Unsupported[]> {
  const missing: Unsupported[] = []
  for (const type of filesystems) {
    // A container may lack the device by which daemons of FUSE are reached.
    if ((await host.hasFilesystem(type)) && (type !== 'fuse' || existsSync('/dev/fuse'))) continue
    missing.push({
      ok: false,
      code: 'kernel.no-filesystem',
      reason: `this kernel (${host.kernelRelease}) has no ${type}`,
      hint: `load the ${type} module, or boot a kernel that has it`,
    })
  }
  return missing
}

function missingPrograms(host: Host, { programs = [] }: Needs): Unsupported[] {
  const absent = programs.map(({ name }) => name).filter((name) => host.which(name) === null)
  if (absent.length === 0) return []
  const reason = `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not installed`
  return [{ ok: false, code: 'host.no-program', reason, hint: `${setUpCommand()} installs it` }]
}

function missingTargets(host: Host, { targets = [] }: Needs, files: DeviceFiles): Unsupported[] {
  const reason = targets.length === 0 ? null : whyNoTargets(host, targets, files)
  if (reason === null) return []
  const hint =
    'boot a kernel with CONFIG_BLK_DEV_DM and CONFIG_DM_THIN_PROVISIONING, as distributions build them; in a virtual machine, for one'
  return [{ ok: false, code: 'kernel.no-device-mapper', reason, hint }]
}

function whyNoTargets(host: Host, targets: readonly string[], files: DeviceFiles): string | null {
  const kernel = `this kernel (${host.kernelRelease})`
  let control: Control
  try {
    control = openControl(host.syscalls, files)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return `${kernel} has no device mapper`
    return `device mapper cannot be asked: ${messageOf(error)}`
  }
  try {
    const found = new Set(listTargets(control).map(({ name }) => name))
    const absent = targets.filter((name) => !found.has(name))
    return absent.length === 0 ? null : `device mapper of ${kernel} lacks the target ${absent.join(', ')}`
  } finally {
    control.close()
  }
}
