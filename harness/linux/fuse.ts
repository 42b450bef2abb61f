/** The kernel's controls of FUSE connections: Documentation/filesystems/fuse/fuse.rst, "Control filesystem". */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { inMountNamespace } from './privilege.ts'

const CONNECTIONS = '/sys/fs/fuse/connections'

/** Mounts the control file system where only this shell sees it. */
const BY_SHELL = `mount -t fusectl fusectl ${CONNECTIONS} && echo 1 >"$0"`

/**
 * Ends a FUSE connection, known by the minor number of its file system: whatever waits for the daemon gets an error, even
 * what no signal ends. Does nothing where the connection is gone.
 */
export function abortFuseConnection(minor: number): void {
  const file = `${CONNECTIONS}/${minor}/abort`
  if (existsSync(file)) writeFileSync(file, '1')
  else {
    const [program, ...args] = inMountNamespace(['sh', '-c', BY_SHELL, file])
    spawnSync(program, args, { stdio: 'ignore', timeout: 10_000 })
  }
}

/** Tells whether file systems of this type are served by a daemon: `fuse`, `fuseblk`, `fuse.sshfs`. */
export function isFuse(type: string): boolean {
  return type === 'fuse' || type === 'fuseblk' || type.startsWith('fuse.')
}
