/** Scratch for one store: a loop device over a fallocated file, and a short private folder. */
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'

const MEBIBYTE = 1024 ** 2

/** Room for every check; xfs refuses less than 300 MiB. */
export const SCRATCH_SIZE = 1280 * MEBIBYTE

export interface TestScratch extends Scratch, Disposable {
  /** The file under the loop device. */
  readonly file: string
  /** Empty, for the mount points of containers: outside of the driver's own folder. */
  readonly mountPoints: string
}

/** Makes a scratch; disposing it detaches the loop device and removes both folders. */
export function createScratch(host: Host, size = SCRATCH_SIZE): TestScratch {
  const home = mkdtempSync('/var/tmp/bench-test-')
  const run = mkdtempSync('/run/bench-test-')
  const file = join(home, 'scratch')
  const fd = openSync(file, 'wx')
  try {
    host.syscalls.fallocate(fd, 0, 0, size)
  } finally {
    closeSync(fd)
  }
  const loop = host.loops.attach(file, { directIo: true })
  // Containers have other users than root.
  chmodSync(run, 0o711)
  const directory = join(run, 'd')
  const mountPoints = join(run, 'm')
  mkdirSync(directory)
  mkdirSync(mountPoints)
  return {
    device: loop.device,
    size,
    directory,
    label: basename(run),
    file,
    mountPoints,
    [Symbol.dispose]() {
      loop.detach()
      rmSync(home, { recursive: true })
      rmSync(run, { recursive: true })
    },
  }
}
