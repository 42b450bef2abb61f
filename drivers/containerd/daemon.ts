/** A containerd of the store's own: its root on the scratch, its state and its sockets in the store's folder. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchError } from '../../harness/contracts/error.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { eventually } from '../../harness/linux/until.ts'
import { unsupported } from '../common/backing.ts'
import { startEngine, type EngineDaemon } from '../common/engine/daemon.ts'
import { connect, Status, statusOf, type Client } from './client.ts'

export const PROGRAM = 'containerd'
const POLL_MILLISECONDS = 5
const END_MILLISECONDS = 2000
const SNAPSHOTTER = 'io.containerd.snapshotter.v1'

/** Snapshotters of any version of containerd. Those that are not asked for are left out: loading aufs' calls modprobe. */
const SNAPSHOTTERS = ['aufs', 'blockfile', 'btrfs', 'devmapper', 'erofs', 'native', 'overlayfs', 'zfs']
/** What pulls images, sets up networks, or makes folders outside of its root: `opt` makes /opt/containerd. */
const NOT_NEEDED = [
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
  'io.containerd.internal.v1.opt',
  'io.containerd.internal.v1.restart',
  'io.containerd.internal.v1.tracing',
  'io.containerd.nri.v1.nri',
  'io.containerd.tracing.processor.v1.otlp',
]

export interface Containerd extends AsyncDisposable {
  /** See `Client.call`; where the daemon has ended, throws that with its last lines. */
  readonly call: Client['call']
  /** See `EngineDaemon.failure`. */
  failure(): BenchError | undefined
  readonly version: string
  /** The folder of the snapshotter. */
  readonly root: string
}

export interface ContainerdPlaces {
  /** On the scratch. */
  root: string
  /** Empty, private to the store, on a short path: a socket's path has at most 107 bytes. */
  directory: string
}

export interface ChosenSnapshotter {
  /** Its name in containerd. */
  snapshotter: string
  /** Lines of its section in the configuration. */
  settings: readonly string[]
}

/** Starts the daemon with one snapshotter. Throws `driver.snapshotter` with the daemon's own reason where it does not offer that. */
export async function startContainerd(
  host: Host,
  chosen: ChosenSnapshotter,
  { root, directory }: ContainerdPlaces,
): Promise<Containerd> {
  const { snapshotter } = chosen
  mkdirSync(root, { recursive: true })
  mkdirSync(directory, { recursive: true })
  const socket = join(directory, 'grpc')
  const config = join(directory, 'config.toml')
  writeFileSync(config, configuration(chosen, root, join(directory, 'state'), socket))
  const daemon = await startEngine(host, { program: PROGRAM, args: ['--config', config], socket })
  const client = await connect(socket)
  async function stop() {
    client[Symbol.dispose]()
    await daemon[Symbol.asyncDispose]()
  }
  try {
    const { version } = await client.call('version.v1.Version/Version', {})
    const { plugins } = await client.call('introspection.v1.Introspection/Plugins', {
      filters: [`type==${SNAPSHOTTER}`],
    })
    const plugin = plugins.find(({ id }) => id === snapshotter)
    const offered = `${PROGRAM} ${version}`
    if (plugin === undefined) throw notOffered(`${offered} has no snapshotter ${snapshotter}`)
    if (plugin.initErr !== null)
      throw notOffered(`${offered} does not offer ${snapshotter}: ${plugin.initErr.message}`)
    return {
      call: (method, request) => client.call(method, request).catch((error) => rethrow(error, daemon)),
      failure: () => daemon.failure(),
      version,
      root: plugin.exports['root'] ?? join(root, `${SNAPSHOTTER}.${snapshotter}`),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A connection breaks a moment before the end of its daemon is known. */
async function rethrow(error: unknown, daemon: EngineDaemon): Promise<never> {
  const isBroken = statusOf(error)?.code === Status.unavailable
  const failure = isBroken
    ? await eventually(() => daemon.failure(), { every: POLL_MILLISECONDS, within: END_MILLISECONDS })
    : daemon.failure()
  throw failure ?? error
}

function notOffered(reason: string) {
  return unsupported({
    ok: false,
    code: 'driver.snapshotter',
    reason,
    hint: `install a version of ${PROGRAM} that offers it, or measure another of its snapshotters`,
  })
}

/** Returns the file: man page containerd-config.toml(5). Strings of JSON are strings of TOML. */
function configuration(
  { snapshotter, settings }: ChosenSnapshotter,
  root: string,
  state: string,
  socket: string,
): string {
  const disabled = SNAPSHOTTERS.filter((name) => name !== snapshotter).map((name) => `${SNAPSHOTTER}.${name}`)
  return [
    'version = 2',
    `root = ${JSON.stringify(root)}`,
    `state = ${JSON.stringify(state)}`,
    `disabled_plugins = ${JSON.stringify([...disabled, ...NOT_NEEDED])}`,
    '[grpc]',
    `address = ${JSON.stringify(socket)}`,
    '[ttrpc]',
    `address = ${JSON.stringify(`${socket}.ttrpc`)}`,
    '[debug]',
    'level = "warn"',
    `[plugins.${JSON.stringify(`${SNAPSHOTTER}.${snapshotter}`)}]`,
    ...settings,
    '',
  ].join('\n')
}
