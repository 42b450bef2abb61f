/** The kernel's controls of FUSE connections: Documentation/filesystems/fuse/fuse.rst, "Control filesystem". */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../harness/contracts/host.ts'
import { deviceNumber } from '../../harness/linux/device-number.ts'

export interface FuseConnections extends AsyncDisposable {
  /**
   * Lets one read or write at a time through to the FUSE file system that `file` lies on.
   *
   * QEMU's export takes the next request while it waits for the disk, into the buffer that a waiting write still reads
   * from; with two writes under way wrong bytes arrive, and no error ("fuse: Copy write buffer content before polling",
   * posted to qemu-devel, in no release up to 10.2).
   */
  oneAtATime(file: string): void
}

/** Mounts the control file system on `target`, which is created. */
export async function openFuseConnections(host: Host, target: string): Promise<FuseConnections> {
  mkdirSync(target, { recursive: true })
  await host.mount([{ type: 'fusectl', source: 'fusectl', options: [] }], target)
  return {
    oneAtATime(file) {
      // A connection bears the minor number of its file system.
      const { minor } = deviceNumber(statSync(file).dev)
      writeFileSync(join(target, String(minor), 'max_background'), '1')
    },
    async [Symbol.asyncDispose]() {
      await host.unmount(target)
    },
  }
}
