/** An OCI bundle: a folder with config.json, whose root is the container's mount. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnProcess } from '../../../harness/contracts/image.ts'

/** Exact output of the container. */
export const GREETING = 'ready\n'

export interface Bundle {
  /** Unique on the host: the runtime's state and the cgroup are named by it. */
  id: string
  directory: string
  /** Folder in which the runtime keeps its state. */
  state: string
  pidFile: string
}

const GREETS: OwnProcess = {
  args: ['/bin/busybox', 'echo', GREETING.trimEnd()],
  env: ['PATH=/bin:/usr/bin'],
  cwd: '/',
  uid: 0,
  gid: 0,
}

/** Writes a bundle into `directory`, which is created. `starts`: the container's process; default: it greets. */
export function writeBundle(id: string, directory: string, root: string, starts = GREETS): Bundle {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'config.json'), JSON.stringify(ociConfig(id, root, starts)))
  return { id, directory, state: join(directory, 'state'), pidFile: join(directory, 'pid') }
}

/**
 * Returns an OCI config.json with only what a process needs: its own pid, mount, ipc and uts
 * namespaces, /proc and /dev. No network namespace: to make and tear one down costs more than much of what is
 * measured here, and no storage driver has a part in it.
 */
function ociConfig(id: string, root: string, { args, env, cwd, uid, gid }: OwnProcess): object {
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid, gid },
      args,
      env,
      cwd,
      noNewPrivileges: true,
    },
    root: { path: root, readonly: false },
    hostname: 'bench',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
    ],
    linux: {
      cgroupsPath: `/${id}`,
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
    },
  }
}
