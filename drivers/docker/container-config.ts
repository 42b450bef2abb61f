/** Bodies of `POST /containers/create`. */
import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import type { EngineContainer, Resources, Throttled } from '../../harness/contracts/engine-runtime.ts'

const WAIT = '/dev/busybox'
const FOREVER = '2147483647'

/**
 * A container that only waits, so that it stays mounted. `busybox`: a static one of the host's, bound below /dev, which is a file
 * system in memory, so that nothing of it lies in the container's layer.
 */
export function waiting(image: string, busybox: string, isReadOnly: boolean): object {
  return {
    Image: image,
    Cmd: [WAIT, 'sleep', FOREVER],
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      Binds: [`${busybox}:${WAIT}:ro`],
      LogConfig: { Type: 'none' },
      ReadonlyRootfs: isReadOnly,
    },
  }
}

/** A container that a scenario starts. Its network is dockerd's own namespace: to make one for it has nothing to do with storage. */
export function planned(image: string, { process, resources, runtime }: EngineContainer): object {
  return {
    Image: image,
    Cmd: process.args,
    Env: process.env,
    WorkingDir: process.cwd,
    User: `${process.uid}:${process.gid}`,
    AttachStdout: true,
    HostConfig: {
      NetworkMode: 'host',
      LogConfig: { Type: 'none' },
      Runtime: runtime,
      ...limits(resources),
    },
  }
}

function limits({ memory, cpu, blockIO }: Resources = {}): object {
  return {
    ...(memory === undefined ? {} : { Memory: memory.limit, MemorySwap: memory.swap }),
    ...(cpu === undefined ? {} : { CpuPeriod: cpu.period, CpuQuota: cpu.quota }),
    ...(blockIO === undefined
      ? {}
      : {
          BlkioDeviceReadIOps: blockIO.throttleReadIOPSDevice.map(throttle),
          BlkioDeviceWriteIOps: blockIO.throttleWriteIOPSDevice.map(throttle),
        }),
  }
}

/** Docker takes a device by its path. */
function throttle({ major, minor, rate }: Throttled): object {
  const name = basename(readlinkSync(`/sys/dev/block/${major}:${minor}`))
  return { Path: `/dev/${name}`, Rate: rate }
}
