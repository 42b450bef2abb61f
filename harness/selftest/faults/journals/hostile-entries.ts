/** Journals of this user's own that name what is not the run's. */
import { linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { runtimeDirectory } from '../../../journal/runtime-directory.ts'
import { linesOf, UNDONE, withEntry, writeJournal, type HostileJournal } from './hostile.ts'
import { DISK, OTHER, PRECIOUS, processEntry, RUN, SCRATCH, TWIN, TWIN_OF_TWIN } from '../world.ts'

export const EARLIER_BOOT = '00000000-0000-4000-8000-000000000000'

/** Paths, each of which is no run's own. */
const PATHS: Readonly<Record<string, string>> = {
  'the root': '/',
  'the homes': '/home',
  'the configuration': '/etc',
  'a home': '/home/alice',
  'a disk that is mounted': DISK,
  nothing: '',
  'this folder': '.',
  'the folder above': '..',
  'a relative path': `home/${RUN}`,
  'a way up from the run': `${SCRATCH}/${RUN}/../../../../home/alice`,
  'the folder above the run': `${SCRATCH}/${RUN}/..`,
  'two slashes': `${SCRATCH}//${RUN}/x`,
  'a slash at the end': '/home/',
  'the scratch itself': SCRATCH,
  'something beside the run': `${SCRATCH}/archive`,
  'another run': `${SCRATCH}/${OTHER}`,
  'a name that begins with that of the run': `${SCRATCH}/${RUN}x`,
  'the name of the run in a folder that it did not name': `/home/${RUN}`,
  'by way of another process': `/proc/1/root/home/alice/${RUN}`,
  'the folder of all mount points': '/run/bench',
  'mount points of another run': runtimeDirectory(OTHER),
  'a path with a zero': `/home/alice\0/${RUN}`,
  'a path with a newline': `/home/alice\n/${RUN}`,
  'a path that a terminal obeys': `\u001B[2J\u202E/home/${RUN}`,
}

const KINDS = ['directory', 'file', 'mount', 'loop'] as const

function paths(): HostileJournal[] {
  return KINDS.flatMap((kind) =>
    Object.entries(PATHS).map(([what, path]) => withEntry(`${kind}: ${what}`, { kind, path })),
  )
}

const NAMES = [
  ['device-mapper', 'prefix', ['', 'vg-', 'bench-', `bench-${OTHER}-`, `bench-${RUN}0-`, `../bench-${RUN}-`]],
  ['zpool', 'name', ['', 'rpool', '-f', 'bench', `bench-${OTHER}-0`, `rpool/bench-${RUN}-0`]],
  [
    'cgroup',
    'name',
    ['', '.', '..', '../..', 'docker', 'system.slice', `bench-${OTHER}-1`, `docker/bench-${RUN}-1`],
  ],
] as const

function names(): HostileJournal[] {
  return NAMES.flatMap(([kind, field, all]) =>
    all.map((name) => withEntry(`${kind}: ${JSON.stringify(name)}`, { kind, [field]: name })),
  )
}

function parameters(): HostileJournal[] {
  const entry = (path: string, set?: string) => ({ kind: 'parameter', path, value: 'harmed', set })
  const file = '/etc/bench-faults/precious'
  const cache = '/sys/module/some_module/parameters/cache_max'
  return [
    withEntry('parameter: a file', entry(file, `precious: ${file}`)),
    withEntry('parameter: the name of the host', entry('/proc/sys/kernel/hostname', hostname())),
    withEntry('parameter: a way up', entry('/sys/module/../../proc/sys/kernel/hostname', hostname())),
    withEntry('parameter: without what was set', entry(cache)),
    withEntry('parameter: of a module that is gone', entry('/sys/module/gone/parameters/x', '1'), UNDONE),
    withEntry('parameter: two lines', { ...entry(cache, '1'), value: '1\n2' }),
  ]
}

function processes(): HostileJournal[] {
  const first = 'process: its number, begun at another time'
  return [
    withEntry('process: of no run', ({ world }) => processEntry(world.processes[0])),
    withEntry('process: of another run', ({ world }) => processEntry(world.processes[1])),
    withEntry(first, ({ world }) => ({ ...processEntry(world.processes[0]), startTime: 7 }), UNDONE),
    ...[1, 0, -1, 0.5, 1e300].map((pid) =>
      withEntry(`process: number ${pid}`, { kind: 'process', pid, startTime: 1, name: 'x' }),
    ),
    {
      kind: 'process: of an earlier boot',
      plant(spot) {
        const entry = processEntry(spot.world.processes[0])
        writeJournal(spot.path, linesOf(spot, [entry], { bootId: EARLIER_BOOT }))
      },
      wanted: UNDONE,
    },
  ]
}

function partitions(): HostileJournal[] {
  const own = `bench-${RUN}`
  const of = (device: string, label: string) => ({ kind: 'partitions', device, label })
  const ofDisk = (what: string, label: string) =>
    withEntry(`partitions: ${what}`, ({ world }) => of(`/dev/${world.loops[1]}`, label))
  return [
    ofDisk('with the label of someone else', 'home'),
    ofDisk('of a disk that the run did not name', own),
    ofDisk('with the label of another run', `bench-${OTHER}`),
    withEntry('partitions: of a file', of('/srv/loops/1.img', own)),
    withEntry('partitions: by a way up', of('/dev/../srv/loops/1.img', own)),
    {
      kind: 'partitions: of a disk that the run named, and that someone else has now',
      plant(spot) {
        const entry = of(`/dev/${spot.world.loops[1]}`, own)
        writeJournal(spot.path, linesOf(spot, [entry], { places: undefined }))
      },
      wanted: UNDONE,
    },
  ]
}

/** The entry is the run's, and someone has put another thing in its way. */
function traps(): HostileJournal[] {
  const directory = (path: string) => ({ kind: 'directory', path })
  const shared = `${SCRATCH}/shared/${RUN}`
  return [
    withEntry('directory: a link in its place', directory(`${shared}/photo`)),
    withEntry('directory: through a link', directory(`${shared}/${RUN}`)),
    withEntry('directory: of another user', directory(`${SCRATCH}/foreign/bench-${RUN}-0`)),
    trap('a link in it', (own) => symlinkSync(PRECIOUS, join(own, 'link'))),
    trap('a second name of a file in it', (own) => linkSync(`${SCRATCH}/archive/photo`, join(own, 'name'))),
    {
      kind: 'directory: the mount points of a run that goes on',
      plant(spot) {
        const path = runtimeDirectory(TWIN)
        const entries = [directory(path), { kind: 'loop', path: `${path}/0` }]
        const journal = spot.path.replace(RUN, TWIN_OF_TWIN)
        writeJournal(journal, linesOf(spot, entries, { run: TWIN_OF_TWIN }))
      },
      wanted: { exit: 6, journal: 'goes', own: 'stays' },
    },
  ]
}

function trap(kind: string, set: (own: string) => void): HostileJournal {
  return {
    kind: `directory: ${kind}`,
    plant(spot) {
      mkdirSync(spot.own, { recursive: true })
      set(spot.own)
      writeJournal(spot.path, linesOf(spot, []))
    },
    uproot: (spot) => rmSync(spot.own, { recursive: true, force: true }),
    wanted: UNDONE,
  }
}

/** Returns the journals. */
export function hostileEntries(): HostileJournal[] {
  return [...paths(), ...names(), ...parameters(), ...processes(), ...partitions(), ...traps()]
}
