/**
 * A trial without mounts: the container is a copied folder, provenance and device traffic come from the script, and
 * every step goes into one log, in order.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CowUnit } from '../../harness/contracts/driver.ts'
import type { EngineRuntime } from '../../harness/contracts/engine-runtime.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { HiddenBy } from '../../harness/contracts/snapshotter.ts'
import type { CacheState } from '../../harness/contracts/cell.ts'
import type { ManifestEntry, OwnImage } from '../../harness/contracts/image.ts'
import type { FileRange, FioJob, FioResult, Trial } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createFakeLayers, type FakeLayersScript } from './fake-layers.ts'
import { createLayerWriter, type LayerWriter } from '../dataset/layer-writer.ts'

export const SEED = 7

export interface FakeTrialScript<P> {
  params: P
  /** Writes the files of the image below `root`; returns entries of the manifest that the writer does not know. */
  image: (writer: LayerWriter, root: string) => void | readonly ManifestEntry[]
  /** Where the file's bytes lie after prepare and mount, and where after the work. */
  before?: Provenance
  after?: Provenance
  cowUnit?: CowUnit
  cache?: CacheState
  round?: number
  /** Ranges of any file of the container that lie where the image's file lies. Default: none. */
  shared?: readonly FileRange[]
  bytesWritten?: number
  /** What hides a name that is gone. Default: a whiteout. */
  hiddenBy?: HiddenBy | null
  /** Bytes that the store has grown by, for each call. Default: none, and after a change enough for a copy. */
  allocated?: () => number
  compresses?: boolean
  /** What an engine adds to containers. Default: nothing. */
  adds?: ReadonlySet<string>
  /** Bytes of page cache of each container's files. Default: those of the first alone, as where containers share them. */
  held?: (bytes: readonly number[]) => number[]
  host: Host
  /** Starts containers in place of an OCI runtime. Default: nothing does. */
  engine?: EngineRuntime
  /** The user's own image. Default: there is none. */
  own?: OwnImage
  /** What the mount table says of a volume. Default: that it lies on the store's file system. */
  volumeOn?: string | null
  /** How containers and layers are made of each other. Default: by copying. */
  layers?: FakeLayersScript
  fio?: (jobs: readonly FioJob[], directory: string) => FioResult[]
}

export interface FakeTrial<P> extends Trial<P> {
  readonly log: readonly string[]
  readonly values: Readonly<Record<string, number>>
  /** Folder of the image. */
  readonly lower: string
}

const COPIED: Provenance = { layer: 'upper', sharedBytes: 0, exclusiveBytes: 2 ** 40 }
const LOWER: Provenance = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }

export function createFakeTrial<P>(script: FakeTrialScript<P>): FakeTrial<P> {
  const home = mkdtempSync(join(tmpdir(), 'bench-fake-trial-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const lower = join(home, 'lower')
  const directory = join(home, 'directory')
  for (const path of [lower, directory]) mkdirSync(path)
  const writer = createLayerWriter(lower)
  const further = script.image(writer, lower) ?? []
  const manifest = new Map(
    [...writer.entries, ...further].map((entry): [string, ManifestEntry] => [entry.path, entry]),
  )

  const log: string[] = []
  const values: Record<string, number> = {}
  let changed = false

  function timed(phase: string): void {
    log.push(`time ${phase}`)
    values[phase] = 1
    changed ||= phase !== 'prepare' && phase !== 'mount'
  }
  function recorded(phase: string, value: number): void {
    log.push(`record ${phase}`)
    values[phase] = value
  }

  return {
    params: script.params,
    seed: SEED,
    round: script.round ?? 0,
    own: script.own ?? null,
    host: script.host,
    engine: script.engine ?? null,
    directory,
    lower,
    log,
    values,
    layers: createFakeLayers(home, lower, log, script.layers),
    container(index = 0) {
      const root = join(home, `container-${index}`)
      return {
        key: `container-${index}`,
        root,
        async prepare() {
          timed('prepare')
          if (!existsSync(root)) copyTree(lower, root)
        },
        async mount() {
          timed('mount')
        },
        async provenance(path) {
          log.push(`provenance ${path}`)
          return changed ? (script.after ?? COPIED) : (script.before ?? LOWER)
        },
        sync: () => void log.push('sync'),
      }
    },
    async volume({ root }, covered) {
      log.push(`volume ${covered}`)
      const [shown, beneath] = [join(root, covered), join(home, 'beneath')]
      copyTree(shown, beneath)
      return {
        sync: () => void log.push('sync volume'),
        where: () => (script.volumeOn === undefined ? 'ext4 7:0' : script.volumeOn),
        async unmount() {
          log.push('unmount volume')
          rmSync(shown, { recursive: true })
          renameSync(beneath, shown)
        },
      }
    },
    async fio(jobs, where) {
      log.push(`fio ${jobs.map((job) => job.name).join(' ')}`)
      changed = true
      return script.fio?.(jobs, where) ?? []
    },
    clock: {
      time(phase, work) {
        timed(phase)
        return work()
      },
      async timeAsync(phase, work) {
        timed(phase)
        return work()
      },
    },
    record: {
      value: recorded,
      seconds: recorded,
      series(phase, series) {
        log.push(`series ${phase} ${series.length}`)
        values[phase] = series[0] ?? Number.NaN
      },
      warning: (code) => void log.push(`warn ${code}`),
    },
    cache: {
      state: script.cache ?? 'warm',
      async set(_, paths) {
        log.push(`cache ${paths === null ? 'all' : paths.join(' ')}`)
      },
      async requireColdRead(paths) {
        log.push(`cold read ${paths.join(' ')}`)
      },
      async held(containers) {
        log.push(`held ${containers.map(({ container }) => container.key).join(' ')}`)
        const bytes = containers.map(({ files }) =>
          [...files.values()].reduce((sum, fd) => sum + fstatSync(fd).size, 0),
        )
        return script.held?.(bytes) ?? bytes.map((each, index) => (index === 0 ? each : 0))
      },
    },
    evidence: {
      cowUnit: script.cowUnit ?? 'file',
      compresses: script.compresses ?? false,
      devices: [],
      adds: script.adds ?? new Set(),
      manifest,
      bytesWritten: () => script.bytesWritten ?? 2 ** 40,
      allocated: async () => script.allocated?.() ?? (changed ? 2 ** 40 : 0),
      hiddenBy: async () => (script.hiddenBy === undefined ? 'whiteout' : script.hiddenBy),
      containerHash: async (path) => digestOf(join(home, 'container-0', path)),
      imageHash: async (path) => digestOf(join(lower, path)),
      withImage: async (look) => look(lower),
      sharedWithImage: () => [...(script.shared ?? [])],
    },
  }
}

/** Copies a tree of directories, files and symbolic links. cpSync looks at all folders above each entry once more. */
function copyTree(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyTree(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else {
      copyFileSync(source, target)
      // What writes without powers takes the set-user-ID bit away.
      chmodSync(target, statSync(source).mode)
    }
  }
  // Last: the mode may forbid to write.
  chmodSync(to, statSync(from).mode)
}

export function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
