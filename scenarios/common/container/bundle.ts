/** An OCI bundle: a folder with config.json, whose root is the container's mount. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Resources } from '../../../harness/contracts/engine-runtime.ts'
import type { OwnProcess } from '../../../harness/contracts/own-process.ts'

/** Exact output of the container. */
export const GREETING = 'ready\n'

export interface Bundle {
  /** Unique on the host: the runtime's state and the cgroup are named by it. */
  id: string
  directory: string
  /** Folder in which the runtime keeps its state. */
  state: string
  pidFile: string
  /** What config.json says of the process and its limits. */
  process: OwnProcess
  resources: Resources | undefined
}

/** What a container does where nothing else is asked for. */
export const GREETS: OwnProcess = {
  args: ['/bin/busybox', 'echo', GREETING.trimEnd()],
  env: ['PATH=/bin:/usr/bin'],
  cwd: '/',
  uid: 0,
  gid: 0,
}

export interface Starts {
  /** The container's process, with the powers and mounts that engines give. Default: it greets, and has none of them. */
  process?: OwnProcess | undefined
  /** What its cgroup may use: `linux.resources` of the runtime specification. Default: whatever it can. */
  resources?: Resources | undefined
}

/** Docker's default (moby, oci/caps/defaults.go). */
const POWERS = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
]
const CAPABILITIES = { bounding: POWERS, effective: POWERS, permitted: POWERS }

/** What programs expect beside /proc and /dev: moby, oci/defaults.go. */
const ENGINE_MOUNTS = [
  {
    destination: '/dev/pts',
    type: 'devpts',
    source: 'devpts',
    options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
  },
  {
    destination: '/dev/shm',
    type: 'tmpfs',
    source: 'shm',
    options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
  },
]

/** Writes a bundle into `directory`, which is created. */
export function writeBundle(id: string, directory: string, root: string, starts: Starts = {}): Bundle {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'config.json'), JSON.stringify(ociConfig(id, root, starts)))
  const { process = GREETS, resources } = starts
  return {
    id,
    directory,
    state: join(directory, 'state'),
    pidFile: join(directory, 'pid'),
    process,
    resources,
  }
}

/**
 * Returns an OCI config.json with only what a process needs: its own pid, mount, ipc and uts
 * namespaces, /proc and /dev. No network namespace: to make and tear one down costs more than much of what is
 * measured here, and no storage driver has a part in it.
 */
function ociConfig(id: string, root: string, { process, resources }: Starts): object {
  const { args, env, cwd, uid, gid } = process ?? GREETS
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid, gid },
      args,
      env,
      cwd,
      noNewPrivileges: process === undefined,
      ...(process === undefined ? {} : { capabilities: CAPABILITIES }),
    },
    root: { path: root, readonly: false },
    hostname: 'bench',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      ...(process === undefined ? [] : ENGINE_MOUNTS),
    ],
    linux: {
      cgroupsPath: `/${id}`,
      ...(resources === undefined ? {} : { resources }),
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
    },
  }
}
