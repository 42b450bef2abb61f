/** Has this kernel device mapper with thin provisioning? Asked first, so that the answer names what is missing. */
import type { Driver, DriverConfig, Support } from '../../harness/contracts/driver.ts'
import { messageOf } from '../../harness/contracts/error.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { probeBacking } from '../common/backing.ts'
import { probeByDoing } from '../common/probe.ts'
import { openControl, type Control, type DeviceFiles } from '../../harness/linux/dm/control.ts'
import { loadModule } from '../../harness/linux/dm/module.ts'
import { interfaceVersion, listTargets } from '../../harness/linux/dm/verbs.ts'
import { devicemapperOptions, type DevicemapperOptions } from './options.ts'

const TARGETS = ['thin-pool', 'thin', 'linear']
const HINT =
  'boot a kernel with CONFIG_BLK_DEV_DM and CONFIG_DM_THIN_PROVISIONING, as distributions build them; in a virtual machine, for one'

export async function probeDevicemapper(
  host: Host,
  config: DriverConfig<DevicemapperOptions>,
  files: DeviceFiles,
  open: Driver<DevicemapperOptions>['open'],
): Promise<Support> {
  const kernel = await probeKernel(host, files)
  if (!kernel.ok) return kernel
  for (const filesystem of new Set([
    config.backing,
    ...(config.options.pool === 'loop' ? ['ext4' as const] : []),
  ])) {
    const support = await probeBacking(host, filesystem)
    if (!support.ok) return support
  }
  // The size of a block is no matter of support, and the probe's scratch would be too small for large ones.
  const { blocksize } = devicemapperOptions.parse({})
  const small = { ...config, options: { ...config.options, blocksize } }
  return probeByDoing(host, open, small, kernel.version)
}

async function probeKernel(host: Host, files: DeviceFiles): Promise<Support> {
  await loadModule(host, 'dm-thin-pool')
  let control: Control
  try {
    control = openControl(host.syscalls, files)
  } catch (error) {
    return missing(`this kernel (${host.kernelRelease}) has no device mapper: ${messageOf(error)}`)
  }
  try {
    const targets = new Map(listTargets(control).map(({ name, version }) => [name, version]))
    const absent = TARGETS.filter((name) => !targets.has(name))
    if (absent.length > 0) {
      return missing(
        `device mapper of this kernel (${host.kernelRelease}) lacks the target ${absent.join(', ')}`,
      )
    }
    const version = `Linux ${host.kernelRelease}, device mapper ${interfaceVersion(control)}, thin-pool ${targets.get('thin-pool')}`
    return { ok: true, version }
  } finally {
    control.close()
  }
}

function missing(reason: string): Support {
  return { ok: false, code: 'kernel.no-device-mapper', reason, hint: HINT }
}
