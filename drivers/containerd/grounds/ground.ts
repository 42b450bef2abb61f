/** What a store of containerd's stands on: where its root lies, and where the snapshotter keeps data. */
import type { DriverConfig, Scratch } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { openBacking, type MountedBacking } from '../../common/backing.ts'
import type { Containerd } from '../daemon.ts'
import type { Evidence } from '../evidence/evidence.ts'

/** Disposing it releases all; the daemon has ended before. */
export interface Ground
  extends Pick<MountedBacking, 'path' | 'device' | 'sync' | 'settle' | 'used'>, AsyncDisposable {
  /** Whether snapshots are files of the file system at `path`. */
  readonly holdsSnapshots: boolean
  /** Lines of the snapshotter's section in the daemon's configuration. */
  readonly settings: readonly string[]
  evidence(containerd: Containerd): Evidence
}

/** Makes the backing of the configuration on the scratch: the root of containerd, and all snapshots below it. */
export function onBacking(
  evidence: (host: Host, backing: MountedBacking, containerd: Containerd, text: string) => Evidence,
) {
  return async (
    host: Host,
    config: Pick<DriverConfig, 'backing' | 'text'>,
    scratch: Pick<Scratch, 'device' | 'directory'>,
  ): Promise<Ground> => {
    const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/b`)
    return {
      ...backing,
      holdsSnapshots: true,
      settings: [],
      evidence: (containerd) => evidence(host, backing, containerd, config.text),
    }
  }
}
