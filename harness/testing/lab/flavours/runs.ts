/** Tests that run in the flavours: the drivers' suite, for the drivers that each kernel is there for. */
import type { Flavour } from '../../../lab/image/types.ts'
import { guestSuite } from '../guest-suite.ts'
import type { GuestRun } from '../run-in-guest.ts'

/** For one flavour. An emulated machine needs some seconds a test. */
const SECONDS = 3600

/** Runs all tests in a machine of the flavour, and tells each as it ends. */
export function everyTestOf(flavour: Flavour, ...runs: readonly GuestRun[]): Promise<void> {
  const onTest = ({ state, name }: { state: string; name: string }) =>
    void process.stderr.write(`${flavour}: ${state} ${name}\n`)
  return guestSuite({ flavour, runs, seconds: SECONDS, onTest })
}

/** Both pools, both file systems, two sizes of block. */
export const DEVICE_MAPPER: GuestRun = { files: ['drivers/devicemapper/devicemapper.root.test.ts'] }
export const DM_DELAY: GuestRun = { files: ['harness/runner/delayed-scratch.root.test.ts'] }
/** containerd's thin snapshots. */
export const CONTAINERD_ON_DEVICE_MAPPER: GuestRun = {
  files: ['drivers/containerd/containerd.root.test.ts'],
  pattern: 'containerd:devmapper@ext4 ',
}
export const ZFS: GuestRun = { files: ['drivers/zfs/zfs.root.test.ts'] }
/** The control of zfs. */
export const BARE_ON_ZFS: GuestRun = { files: ['drivers/bare/bare.root.test.ts'], pattern: 'bare@zfs ' }
