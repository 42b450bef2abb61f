/** What a container may use, as its cgroup sees to it, and whether the limit was felt. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Resources } from '../../../harness/contracts/engine-runtime.ts'
import { formatSize, parseSize } from '../../../harness/contracts/units.ts'
import { sizeLabel } from '../options.ts'

/** Value of an option that limits nothing. */
const NONE = 'none'
/** Bytes: a shell and what it starts need some. */
const LEAST_MEMORY = 4 * 1024 ** 2
/** Microseconds: the kernel's default (Documentation/scheduler/sched-bwc.rst). */
export const PERIOD = 100_000
export const CGROUPS = '/sys/fs/cgroup'

export interface Limits {
  /** Bytes; null: none. */
  memory: number | null
  /** Processors' worth of time; null: none. */
  cpus: number | null
  /** Reads, and writes, a second at the store's devices; null: none. */
  iops: number | null
}

function limitOption(
  parse: (text: string) => number | null,
  format: (value: number) => string,
  wrong: string,
  what: string,
) {
  return z
    .codec(
      z.string().refine((text) => text === NONE || parse(text) !== null, { error: wrong }),
      z.number().nullable(),
      {
        decode: (text) => (text === NONE ? null : parse(text)),
        encode: (value) => (value === null ? NONE : format(value)),
      },
    )
    .prefault(NONE)
    .describe(what)
}

function memoryOption() {
  const parse = (text: string) => {
    const bytes = parseSize(text)
    return bytes !== null && bytes >= LEAST_MEMORY ? bytes : null
  }
  return limitOption(
    parse,
    formatSize,
    `is neither none nor a size of ${formatSize(LEAST_MEMORY)} or more`,
    'memory that the container may use, page cache included: none, or 256M',
  )
}

function cpusOption() {
  const parse = (text: string) =>
    /^\d{1,3}(\.\d{1,2})?$/.test(text) && Number(text) >= 0.01 ? Number(text) : null
  return limitOption(
    parse,
    String,
    'is neither none nor a number of processors from 0.01 on',
    'limit of processors: none, or 0.5',
  )
}

function iopsOption() {
  const parse = (text: string) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : null)
  return limitOption(
    parse,
    String,
    'is neither none nor a whole number from 1 to 9999999',
    'limit of reads, and of writes, a second at the store’s devices: none, or 100',
  )
}

/** `512 MiB of memory`, `0.5 CPUs`, `100 IOPS`. */
export function limitWords({ memory, cpus, iops }: Limits): string[] {
  return [
    ...(memory === null ? [] : [`${sizeLabel(memory)} of memory`]),
    ...(cpus === null ? [] : [`${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`]),
    ...(iops === null ? [] : [`${iops} IOPS`]),
  ]
}

/** Options of a scenario that limits what its container may use. */
export function limitOptions() {
  return { memory: memoryOption(), cpus: cpusOption(), iops: iopsOption() }
}

export function isLimited({ memory, cpus, iops }: Limits): boolean {
  return memory !== null || cpus !== null || iops !== null
}

/** Returns the microseconds of each period: the kernel takes no less than 1 ms. */
export function quotaOf(cpus: number): number {
  return Math.max(1000, Math.round(cpus * PERIOD))
}

/** Returns `linux.resources` of the runtime specification (config-linux.md); undefined: no limits. */
export function resourcesOf(
  { memory, cpus, iops }: Limits,
  devices: readonly string[],
): Resources | undefined {
  if (!isLimited({ memory, cpus, iops })) return undefined
  const throttled = iops === null ? [] : devices.map((path) => ({ ...numbersOf(path), rate: iops }))
  return {
    ...(memory === null ? {} : { memory: { limit: memory, swap: memory } }),
    ...(cpus === null ? {} : { cpu: { period: PERIOD, quota: quotaOf(cpus) } }),
    ...(iops === null
      ? {}
      : { blockIO: { throttleReadIOPSDevice: throttled, throttleWriteIOPSDevice: throttled } }),
  }
}

/** Splits st_rdev as new_decode_dev of linux/kdev_t.h. */
export function numbersOf(path: string): { major: number; minor: number } {
  const { rdev } = statSync(path)
  return { major: (rdev >> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >> 12) & ~0xff) }
}

/** What the kernel has counted of a cgroup; null where its hierarchy does not tell. */
export interface Used {
  cpuSeconds: number | null
  /** Bytes, page cache included, at the most. */
  memoryPeak: number | null
  /** Processes that were killed since the memory was used up. */
  oomKills: number | null
  /** Periods in which it wanted more time of processors than it was given. */
  throttledPeriods: number | null
}

/** Reads what a cgroup has used: of version 2, or of the hierarchies of version 1. Call it before the cgroup is removed. */
export function readUsed(name: string, root = CGROUPS): Used {
  const two = join(root, name)
  if (existsSync(join(two, 'cgroup.controllers'))) {
    const cpu = pairsOf(join(two, 'cpu.stat'))
    const microseconds = cpu.get('usage_usec')
    return {
      cpuSeconds: microseconds === undefined ? null : microseconds / 1e6,
      memoryPeak: numberOf(join(two, 'memory.peak')),
      oomKills: pairsOf(join(two, 'memory.events')).get('oom_kill') ?? null,
      throttledPeriods: cpu.get('nr_throttled') ?? null,
    }
  }
  const one = (controller: string, file: string) => join(root, controller, name, file)
  const nanoseconds = numberOf(one('cpuacct', 'cpuacct.usage'))
  return {
    cpuSeconds: nanoseconds === null ? null : nanoseconds / 1e9,
    memoryPeak: numberOf(one('memory', 'memory.max_usage_in_bytes')),
    oomKills: pairsOf(one('memory', 'memory.oom_control')).get('oom_kill') ?? null,
    throttledPeriods: pairsOf(one('cpu', 'cpu.stat')).get('nr_throttled') ?? null,
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function numberOf(path: string): number | null {
  const text = textOf(path)
  return text === null || !/^\d+\s*$/.test(text) ? null : Number(text)
}

/** Reads lines of a key and a number. */
function pairsOf(path: string): Map<string, number> {
  const pairs = (textOf(path) ?? '').split('\n').map((line) => line.split(' '))
  return new Map(pairs.map(([key = '', value]) => [key, Number(value)]))
}
