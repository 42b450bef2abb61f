/** podman's API, by `podman system service` on the store that `containers-storage` keeps. Started when a scenario starts containers. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchError } from '../../harness/contracts/error.ts'
import type { Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { createApi, type Api } from '../common/engine/http-api.ts'
import { startOwnDaemon } from '../common/engine/own-daemon.ts'
import type { Storage } from './storage.ts'

export const PODMAN = 'podman'
/** Of podman 4; newer ones answer it, too. */
const API_VERSION = '/v4.0.0/libpod'

export interface Service extends AsyncDisposable {
  readonly api: Api
  failure(): BenchError | undefined
}

export interface ServicePlaces extends Pick<Scratch, 'directory' | 'label'> {
  /** Mount point of the backing. */
  backing: string
}

/** Throws as `startEngine`. */
export async function startService(host: Host, storage: Storage, places: ServicePlaces): Promise<Service> {
  const { directory, backing } = places
  const socket = join(directory, 'p.sock')
  const configuration = join(directory, 'containers.conf')
  writeFileSync(configuration, configurationOf(join(directory, 'p')))
  const { graphRoot, runRoot, file } = storage
  const daemon = await startOwnDaemon(host, places, {
    command: [PODMAN, '--root', graphRoot, '--runroot', runRoot, ...SERVICE, `unix://${socket}`],
    backing,
    socket,
    env: {
      CONTAINERS_CONF: configuration,
      CONTAINERS_STORAGE_CONF: file,
      STORAGE_DRIVER: '',
      STORAGE_OPTS: '',
    },
  })
  const api = createApi({ socketPath: socket, prefix: API_VERSION, name: PODMAN })
  return {
    api,
    failure: () => daemon.failure(),
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]()
      await daemon[Symbol.asyncDispose]()
    },
  }
}

const SERVICE = ['system', 'service', '--time', '0']

/** Returns containers.conf(5). The limits are those that any host allows; podman would ask for more than some do. */
function configurationOf(state: string): string {
  return [
    '[containers]',
    'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
    'log_driver = "none"',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "none"',
    'lock_type = "file"',
    'runtime = "runc"',
    `tmp_dir = "${state}"`,
    '[network]',
    `network_config_dir = "${join(state, 'net')}"`,
    '',
  ].join('\n')
}
