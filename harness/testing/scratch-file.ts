/** Private folders, files and loop devices for tests that use the real kernel. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Host, LoopDevice } from '../contracts/host.ts'
import { unrecordedHost } from '../host/index.ts'
import { isRoot as runsAsRoot } from '../linux/privilege.ts'
import { attachedLoops } from '../linux/sysfs.ts'

export const MIB = 1024 ** 2

/** Whether the tests that mount can run. `test.skipIf(!isRoot)` says so, and the count of skipped tests does. */
export const isRoot = runsAsRoot()

/** This machine, without a journal: a test undoes what it made itself. */
export function testHost(): Host {
  return unrecordedHost()
}

/** A folder on a disk, not in memory: O_DIRECT and loop devices are to work there. */
export function diskFolder(): { path: string } & Disposable {
  const path = mkdtempSync('/var/tmp/bench-test-')
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Makes a fully allocated file of zeros. */
export function allocateFile(host: Host, folder: string, name: string, bytes: number): string {
  const path = join(folder, name)
  const fd = openSync(path, 'wx')
  try {
    host.syscalls.fallocate(fd, 0, 0, bytes)
  } finally {
    closeSync(fd)
  }
  return path
}

/** Backing files at or below a path that a loop device of this machine is attached to. */
export function loopFiles(path: string): string[] {
  return attachedLoops()
    .map(({ file }) => file)
    .filter((file) => file === path || file.startsWith(`${path}/`))
}

/** Attaches a file to a loop device that no process has open afterwards, like a disk that is not in use. */
export async function attachDisk(host: Host, file: string, ...more: readonly string[]): Promise<LoopDevice> {
  const { stdout } = await host.run('losetup', ['--find', '--show', ...more, file])
  const device = stdout.trim()
  let attached = true
  return {
    device,
    detach() {
      // Once it is free, the number may be another test's.
      if (attached) spawnSync('losetup', ['--detach', device])
      attached = false
    },
  }
}
