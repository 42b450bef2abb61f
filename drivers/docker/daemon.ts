/** A dockerd of the store's own, which starts a containerd of its own. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { otherDriver } from '../common/engine/evidence.ts'
import type { EngineDaemon } from '../common/engine/daemon.ts'
import { createApi, type Api } from '../common/engine/http-api.ts'
import { startOwnDaemon } from '../common/engine/own-daemon.ts'

export const PROGRAM = 'dockerd'
/** Of Docker 20.10; newer daemons answer it, too. */
const API_VERSION = '/v1.41'
/** OCI runtimes that a scenario may ask for, beside runc, which dockerd knows. */
const OTHER_RUNTIMES = ['crun']

export interface Docker extends AsyncDisposable {
  readonly api: Api
  readonly daemon: EngineDaemon
  /** `/var/lib/docker`: on the backing. */
  readonly root: string
  /** `20.10.24+dfsg1, containerd 1.6.20~ds1, runc 1.1.5+ds1` */
  readonly version: string
  /** What the storage driver says of itself, as `docker info` shows it, by name. */
  readonly status: ReadonlyMap<string, string>
}

/** Starts the daemon with a storage driver. Throws where it does not start with it, and `engine.fallback` where it takes another. */
export async function startDocker(
  host: Host,
  storageDriver: string,
  backing: string,
  scratch: Pick<Scratch, 'directory' | 'label'>,
): Promise<Docker> {
  const { directory, label } = scratch
  const socket = join(directory, 'd.sock')
  const configuration = join(directory, 'daemon.json')
  const root = join(backing, 'd')
  writeFileSync(configuration, JSON.stringify({ runtimes: runtimesOf(host) }))
  const options = {
    'config-file': configuration,
    'data-root': root,
    'exec-root': join(directory, 'e'),
    host: `unix://${socket}`,
    pidfile: join(directory, 'pid'),
    'storage-driver': storageDriver,
    'cgroup-parent': `/${label}`,
    'exec-opt': 'native.cgroupdriver=cgroupfs',
    bridge: 'none',
    iptables: false,
    ip6tables: false,
    'ip-forward': false,
    'ip-masq': false,
    'log-level': 'warn',
  }
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const daemon = await startOwnDaemon(host, scratch, { command: [PROGRAM, ...args], backing, socket })
  const api = createApi({ socketPath: socket, prefix: API_VERSION, name: 'Docker' })

  async function close(): Promise<void> {
    api[Symbol.dispose]()
    await daemon[Symbol.asyncDispose]()
  }
  try {
    const version = await versionOf(api)
    const status = await statusOf(api, storageDriver)
    return { api, daemon, root, version, status, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The key `runtimes` of daemon.json. */
function runtimesOf(host: Host): Record<string, { path: string }> {
  const found = OTHER_RUNTIMES.map((name) => [name, host.which(name)] as const)
  return Object.fromEntries(found.flatMap(([name, path]) => (path === null ? [] : [[name, { path }]])))
}

async function versionOf(api: Api): Promise<string> {
  interface Answer {
    Components: readonly { Name: string; Version: string }[]
  }
  const { Components } = await api.call<Answer>('GET', '/version')
  return Components.filter(({ Name }) => Name !== 'docker-init')
    .map(({ Name, Version }) => `${Name === 'Engine' ? 'Docker' : Name} ${Version}`)
    .join(', ')
}

async function statusOf(api: Api, wanted: string): Promise<ReadonlyMap<string, string>> {
  interface Answer {
    Driver: string
    DriverStatus: readonly (readonly [name: string, value: string])[] | null
  }
  const { Driver, DriverStatus } = await api.call<Answer>('GET', '/info')
  if (Driver !== wanted) throw otherDriver(PROGRAM, wanted, Driver)
  return new Map(DriverStatus)
}

/** Returns the id that the storage driver knows a container's layer by: layer/filestore.go of Docker. */
export function mountIdOf(root: string, storageDriver: string, container: string): string {
  const folder = join(root, 'image', storageDriver, 'layerdb/mounts', container)
  return readFileSync(join(folder, 'mount-id'), 'utf8').trim()
}
