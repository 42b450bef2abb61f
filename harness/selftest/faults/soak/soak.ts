/** Runs in turn for as long as it is asked to, and counts what each leaves: nothing may grow. */
import { existsSync, readdirSync } from 'node:fs'
import { makePlace, type Place } from '../../../cli/testing/bench.ts'
import { readMounts } from '../../../linux/mountinfo.ts'
import { processIds } from '../../../linux/process.ts'
import { attachedLoops } from '../../../linux/sysfs.ts'
import { boundedBench } from '../bounded.ts'
import { firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { argumentsOf, driversHere, WORKLOADS } from '../kills/workloads.ts'

const SECONDS_OF_RUN = 300
const CGROUPS = '/sys/fs/cgroup'

/** What is held, beside what other programs of the machine hold. */
export interface Held {
  loops: number
  mounts: number
  cgroups: number
  processes: number
  /** Entries in the folder of mount points. */
  runtime: number
  journals: number
  scratch: number
}

/** Runs each driver with each workload in turn for `minutes`; one answer a run. */
export function soak(minutes: number, each: (answer: Answer) => void): void {
  using place = makePlace()
  const drivers = driversHere()
  const before = heldBy(place)
  const until = Date.now() + minutes * 60_000
  for (let index = 0; Date.now() < until; index += 1) {
    const driver = drivers[index % drivers.length] ?? ''
    const workload = WORKLOADS[Math.floor(index / drivers.length) % WORKLOADS.length] ?? []
    const words = argumentsOf(place, ['--driver', driver, ...workload], 1)
    const { exit, stderr } = boundedBench(SECONDS_OF_RUN, place.state, words)
    const held = heldBy(place)
    const bad = [...(exit === 0 ? [] : [`exit code ${exit}`]), ...grown(before, held)]
    each({ what: `${driver} ${workload[1]} ${JSON.stringify(held)}`, message: firstLine(stderr), exit, bad })
  }
}

/** Returns what there is more of than before. */
export function grown(before: Held, after: Held): string[] {
  return (Object.keys(before) as (keyof Held)[]).flatMap((key) =>
    after[key] > before[key] ? [`${key}: ${before[key]}, then ${after[key]}`] : [],
  )
}

function heldBy(place: Place): Held {
  const count = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0)
  const cgroups = existsSync(CGROUPS) ? readdirSync(CGROUPS).filter((name) => name.startsWith('bench-')) : []
  return {
    loops: attachedLoops().filter(({ file }) => file.startsWith(place.path)).length,
    mounts: readMounts().length,
    cgroups: cgroups.length,
    processes: processIds().length,
    runtime: count('/run/bench'),
    journals: count(`${place.state}/bench/journal`),
    scratch: count(place.scratch),
  }
}
