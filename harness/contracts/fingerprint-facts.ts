/** The parts of a fingerprint, and the facts that belong to each. Two runs are comparable if all of them are equal. */
import { createHash } from 'node:crypto'
import type { Fingerprint } from './fingerprint.ts'

const GIBIBYTE = 1024 ** 3

/** Parts with fixed names; `tools` also has a part for each program: `tool:mkfs.xfs`. */
export const HOST_PARTS = [
  'kernel',
  'kernel-config',
  'machine',
  'cpu',
  'memory',
  'disk',
  'tools',
  'bench',
  'node',
] as const

export type HostPart = (typeof HOST_PARTS)[number]

/** One thing in which hosts can differ. */
export interface Fact {
  /** Part that it belongs to; null for what does not affect figures, and is recorded only. */
  part: HostPart | null
  name: string
  /** Plural, in a sentence: `Different kernels`. */
  kinds: string
  /** Value as text; null where it is not known. */
  of(host: Fingerprint): string | null
}

/**
 * Facts with fixed names.
 *
 * The kernel and its options are the code that is measured. The tools decide the layout on the disk (mkfs) or are timed
 * (fio, runc). Memory counts to the gibibyte, since the kernel reserves more or less of it from boot to boot. The device's
 * name changes with the order of discovery; the distribution's part in the measurement is its kernel and tools.
 */
const FACTS: readonly Fact[] = [
  fact('kernel', 'Kernel', 'kernels', ({ kernel }) => kernel),
  fact(null, 'Distribution', 'distributions', ({ distribution }) => distribution),
  fact('machine', 'Kind of machine', 'kinds of machine', ({ virtualization }) => virtualization),
  fact('cpu', 'Processor', 'processors', ({ cpu }) => cpu.model),
  fact('cpu', 'Processor cores', 'numbers of cores', ({ cpu }) => String(cpu.cores)),
  fact('cpu', 'Frequency governor', 'frequency governors', ({ cpu }) => cpu.governor),
  fact(
    'memory',
    'Memory',
    'amounts of memory',
    ({ memoryBytes }) => `${Math.round(memoryBytes / GIBIBYTE)} GiB`,
  ),
  fact(null, 'Disk', 'devices', ({ disk }) => disk.device),
  fact('disk', 'Disk model', 'disks', ({ disk }) => disk.model),
  fact('disk', 'Disk kind', 'kinds of disk', ({ disk: { rotational } }) =>
    rotational === null ? null : rotational ? 'rotational' : 'solid state',
  ),
  fact('disk', 'I/O scheduler', 'I/O schedulers', ({ disk }) => disk.scheduler),
  fact('disk', 'Queue depth', 'queue depths', ({ disk }) => disk.queueDepth?.toString() ?? null),
  fact('disk', 'Write cache', 'write caches', ({ disk }) => disk.writeCache),
  fact('disk', 'File system', 'file systems', ({ disk }) => disk.filesystem),
  fact('disk', 'Mount options', 'mount options', ({ disk }) => disk.mountOptions),
  fact('bench', 'What bench measures', 'versions of what bench measures', ({ measuring }) =>
    String(measuring),
  ),
  fact(null, 'bench', 'versions of bench', ({ bench }) => bench),
  fact('node', 'Node', 'major versions of Node', ({ node }) => /^v?(\d+)/.exec(node)?.[1] ?? node),
]

function fact(part: Fact['part'], name: string, kinds: string, of: Fact['of']): Fact {
  return { part, name, kinds, of }
}

/** Returns every fact that at least one of the hosts has. */
export function factsOf(hosts: readonly Fingerprint[]): Fact[] {
  return [
    ...FACTS,
    ...named(hosts, 'tools', ({ tools }) => tools, 'versions of '),
    ...named(hosts, 'kernel-config', ({ kernelConfig }) => kernelConfig, 'values of '),
  ]
}

/** Facts that have names of their own: tools, kernel options. */
function named(
  hosts: readonly Fingerprint[],
  part: HostPart,
  recordOf: (host: Fingerprint) => Readonly<Record<string, string>>,
  before: string,
): Fact[] {
  const names = [...new Set(hosts.flatMap((host) => Object.keys(recordOf(host))))]
  return names.map((name) => fact(part, name, `${before}${name}`, (host) => recordOf(host)[name] ?? null))
}

/** Returns the SHA-256, hexadecimal, over all parts: equal for hosts whose parts are equal. */
export function fingerprintHash(host: Omit<Fingerprint, 'hash'>): string {
  const whole = { ...host, hash: '' }
  const facts = factsOf([whole])
    .flatMap(({ part, name, of }) => (part === null ? [] : [[part, name, of(whole)]]))
    .map((one) => JSON.stringify(one))
    .toSorted()
  return createHash('sha256').update(facts.join('\n')).digest('hex')
}

/** Tells whether every part of the two fingerprints is equal, but for those that are declared to differ. */
export function isSameHost(one: Fingerprint, other: Fingerprint, declared: readonly string[] = []): boolean {
  return factsOf([one, other]).every(
    (each) => each.part === null || isDeclared(each, declared) || each.of(one) === each.of(other),
  )
}

/** Tells whether a fact belongs to a part that is declared to differ: `kernel`, `tools`, `tool:mkfs.xfs`. */
export function isDeclared(
  { part, name }: Pick<Fact, 'part' | 'name'>,
  declared: readonly string[],
): boolean {
  return part !== null && (declared.includes(part) || (part === 'tools' && declared.includes(`tool:${name}`)))
}
