import type { Driver, DriverConfig, Support } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { openControl, type DeviceFiles } from '../../harness/linux/dm/control.ts'
import { interfaceVersion, listTargets } from '../../harness/linux/dm/verbs.ts'
import { firstMissing, probeByDoing } from '../common/probe.ts'
import { devicemapperOptions, type DevicemapperOptions } from './options.ts'

export async function probeDevicemapper(
  host: Host,
  driver: Pick<Driver<DevicemapperOptions>, 'meta' | 'open'>,
  config: DriverConfig<DevicemapperOptions>,
  files: DeviceFiles,
): Promise<Support> {
  const missing = await firstMissing(host, driver.meta, config, files)
  if (missing !== null) return missing
  // The size of a block is no matter of support, and the probe's scratch would be too small for large ones.
  const { blocksize } = devicemapperOptions.parse({})
  const small = { ...config, options: { ...config.options, blocksize } }
  return probeByDoing(host, driver.open, small, versionOf(host, files))
}

function versionOf(host: Host, files: DeviceFiles): string {
  const control = openControl(host.syscalls, files)
  try {
    const pool = listTargets(control).find(({ name }) => name === 'thin-pool')
    return `Linux ${host.kernelRelease}, device mapper ${interfaceVersion(control)}, thin-pool ${pool?.version}`
  } finally {
    control.close()
  }
}
