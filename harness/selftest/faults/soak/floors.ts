/** What a process that goes on never falls below: a leak raises it, a busy moment does not. */
import { readdirSync, readFileSync } from 'node:fs'
import { MEASURE_COMMAND } from '../../../contracts/hidden-commands.ts'
import { commandLine } from '../../../linux/process.ts'
import { treeOf } from '../kills/kinds.ts'

/** Descriptors and resident memory (bytes) of a run and of the processes that measure for it. */
export interface Footprint {
  descriptors: number
  memory: number
}

/** Programs of a trial come and go; these stay for the whole run. */
const STAYS = 'node'

/** Returns what the run's own processes hold now; null while none of them measures. */
export function footprintOf(run: number): Footprint | null {
  try {
    const own = treeOf(run).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === STAYS)
    if (!own.some((pid) => commandLine(pid).includes(MEASURE_COMMAND))) return null
    const sum = (of: (pid: number) => number) => own.reduce((all, pid) => all + of(pid), 0)
    return {
      descriptors: sum((pid) => readdirSync(`/proc/${pid}/fd`).length),
      memory: sum(residentBytes),
    }
  } catch {
    // One of them has ended in between.
    return null
  }
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

const MEBIBYTE = 1024 ** 2
/** Memory that a run may gain between its second and its last fifth: the samples that it keeps, and the collector's slack. */
const MEMORY_MARGIN = 48 * MEBIBYTE

const FIFTHS = 5

/** Floors of the second and of the last fifth of a run; the first fifth warms up. */
export interface Floors {
  early: Footprint
  late: Footprint
}

/** Returns the floors of footprints in order of time; null where there are too few to cut into fifths. */
export function floorsOf(footprints: readonly Footprint[]): Floors | null {
  const length = Math.floor(footprints.length / FIFTHS)
  if (length === 0) return null
  const floor = (part: readonly Footprint[]): Footprint => ({
    descriptors: Math.min(...part.map(({ descriptors }) => descriptors)),
    memory: Math.min(...part.map(({ memory }) => memory)),
  })
  return { early: floor(footprints.slice(length, 2 * length)), late: floor(footprints.slice(-length)) }
}

const mebibytes = (bytes: number) => `${Math.round(bytes / MEBIBYTE)} MiB`

/** `82 → 46 descriptors, 193 MiB → 197 MiB` */
export function floorsText({ early, late }: Floors): string {
  return `${early.descriptors} → ${late.descriptors} descriptors, ${mebibytes(early.memory)} → ${mebibytes(late.memory)}`
}

/** Returns which floor rose. */
export function risen({ early, late }: Floors): string[] {
  return [
    ...(late.descriptors > early.descriptors
      ? [`descriptors: ${early.descriptors}, then ${late.descriptors}`]
      : []),
    ...(late.memory > early.memory + MEMORY_MARGIN
      ? [`memory: ${mebibytes(early.memory)}, then ${mebibytes(late.memory)}`]
      : []),
  ]
}
