/** Differences between two hosts, or between one host at two times. */
import type { Fingerprint } from '../../harness/contracts/fingerprint.ts'
import { formatValue, joinList, NOTHING } from '../format/format.ts'

/** One thing in which hosts can differ. */
interface Fact {
  name: string
  /** Plural, in a sentence: `Different kernels`. */
  kinds: string
  /** Whether runs cannot be compared for it: it is in the fingerprint's hash. */
  isCompared: boolean
  of(host: Fingerprint): string | null
}

/** A fact that is not the same everywhere. */
export interface Difference extends Pick<Fact, 'name' | 'kinds' | 'isCompared'> {
  /** Values in the order of the hosts; `–` where a value is unknown or missing. */
  values: readonly string[]
}

const GIBIBYTE = 1024 ** 3

/** Facts of a fingerprint with fixed names; those with names of their own come after them. */
const FACTS: readonly Fact[] = [
  compared('Kernel', 'kernels', ({ kernel }) => kernel),
  {
    name: 'Distribution',
    kinds: 'distributions',
    isCompared: false,
    of: ({ distribution }) => distribution,
  },
  compared('Kind of machine', 'kinds of machine', ({ virtualization }) => virtualization),
  compared('Processor', 'processors', ({ cpu }) => cpu.model),
  compared('Processor cores', 'numbers of cores', ({ cpu }) => String(cpu.cores)),
  compared('Frequency governor', 'frequency governors', ({ cpu }) => cpu.governor),
  // To the gibibyte, as the hash has it: the kernel reserves more or less of it from boot to boot.
  compared('Memory', 'amounts of memory', ({ memoryBytes }) =>
    formatValue(Math.round(memoryBytes / GIBIBYTE) * GIBIBYTE, 'bytes'),
  ),
  { name: 'Disk', kinds: 'devices', isCompared: false, of: ({ disk }) => disk.device },
  compared('Disk model', 'disks', ({ disk }) => disk.model),
  compared('Disk kind', 'kinds of disk', ({ disk: { rotational } }) =>
    rotational === null ? null : rotational ? 'rotational' : 'solid state',
  ),
  compared('I/O scheduler', 'I/O schedulers', ({ disk }) => disk.scheduler),
  compared('Queue depth', 'queue depths', ({ disk }) => disk.queueDepth?.toString() ?? null),
  compared('Write cache', 'write caches', ({ disk }) => disk.writeCache),
  compared('File system', 'file systems', ({ disk }) => disk.filesystem),
  compared('Mount options', 'mount options', ({ disk }) => disk.mountOptions),
  compared('bench', 'versions of bench', ({ bench }) => bench),
  compared('Node', 'major versions of Node', ({ node }) => /^v?(\d+)/.exec(node)?.[1] ?? node),
]

function compared(name: string, kinds: string, of: Fact['of']): Fact {
  return { name, kinds, isCompared: true, of }
}

/** Everything that is not the same on all of these hosts. */
export function differencesBetween(hosts: readonly Fingerprint[]): Difference[] {
  const facts = [
    ...FACTS,
    ...named(hosts, ({ tools }) => tools, 'versions of '),
    ...named(hosts, ({ kernelConfig }) => kernelConfig, 'values of '),
  ]
  return facts
    .map(({ of, ...fact }) => ({ ...fact, values: hosts.map((host) => of(host) ?? NOTHING) }))
    .filter(({ values }) => new Set(values).size > 1)
}

/** Facts that have names of their own: tools, kernel options. */
function named(
  hosts: readonly Fingerprint[],
  recordOf: (host: Fingerprint) => Readonly<Record<string, string>>,
  before: string,
): Fact[] {
  const names = [...new Set(hosts.flatMap((host) => Object.keys(recordOf(host))))]
  return names.map((name) => compared(name, `${before}${name}`, (host) => recordOf(host)[name] ?? null))
}

/**
 * `Different kernels: 6.1.0 and 6.12.9.`, each of the first `most` that bar a comparison in a sentence with its values,
 * the rest by name in one more. Empty where nothing does.
 */
export function differenceSentences(differences: readonly Difference[], most = 4): string[] {
  const bars = differences.filter(({ isCompared }) => isCompared)
  const rest = bars.slice(most).map(({ name }) => name)
  return [
    ...bars.slice(0, most).map(({ kinds, values }) => `Different ${kinds}: ${valuesText(values)}.`),
    ...(rest.length === 0 ? [] : [`Different, too: ${joinList(shortened(rest))}.`]),
  ]
}

/** Two kernels may differ in dozens of options; the table below the sentences has them all. */
const MOST_NAMES = 8

function shortened(names: readonly string[]): readonly string[] {
  const more = names.length - MOST_NAMES
  return more <= 1 ? names : [...names.slice(0, MOST_NAMES), `${more} more`]
}

function valuesText(values: readonly string[]): string {
  return joinList([...new Set(values)].map((value) => (value === NOTHING ? 'not known' : value)))
}

/**
 * Whether the times measured on a host are those of a translated processor, or of a kernel that runs as a process: they
 * say nothing of hardware.
 */
export function isEmulated({ virtualization }: Fingerprint): boolean {
  return /emulated|\btcg\b|user.mode linux|\buml\b/i.test(virtualization ?? '')
}
