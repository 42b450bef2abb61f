/**
 * Runs for as long as it is asked to: first one long run of each workload over all drivers, whose descriptors and memory may
 * not rise, then each driver and workload in turn. No run may leave more than there was before.
 */
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePlace, startBench, type Place } from '../../../cli/testing/bench.ts'
import { readMounts } from '../../../linux/mountinfo.ts'
import { processIds } from '../../../linux/process.ts'
import { attachedLoops } from '../../../linux/sysfs.ts'
import { runtimeDirectory } from '../../../journal/runtime-directory.ts'
import { boundedBench } from '../bounded.ts'
import { firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { argumentsOf, driversHere, WORKLOADS } from '../kills/workloads.ts'
import { floorsOf, floorsText, footprintOf, risen, type Footprint } from './floors.ts'

const SECONDS_OF_RUN = 300
/** Share of the time that goes to long runs. */
const LONG_SHARE = 0.75
/** More than a long run comes to. */
const MOST_ROUNDS = 10_000
const CGROUPS = '/sys/fs/cgroup'

/** What is held, beside what other programs of the machine hold. */
export interface Held {
  loops: number
  mounts: number
  cgroups: number
  processes: number
  /** Folders of mount points of its runs. */
  runtime: number
  journals: number
  scratch: number
}

/** Soaks for `minutes`, three quarters of them in long runs; one answer a run. */
export async function soak(minutes: number, each: (answer: Answer) => void): Promise<void> {
  using place = makePlace()
  const before = heldBy(place)
  const until = Date.now() + minutes * 60_000
  const secondsOfLongRun = Math.floor((minutes * 60 * LONG_SHARE) / WORKLOADS.length)
  for (const workload of WORKLOADS) each(await longRun(place, before, workload, secondsOfLongRun))
  const drivers = driversHere()
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

/** Runs a workload over all drivers for `seconds`, and looks every second at what its processes hold. */
async function longRun(
  place: Place,
  before: Held,
  workload: readonly string[],
  seconds: number,
): Promise<Answer> {
  const words = argumentsOf(place, ['--driver', 'all', ...workload], MOST_ROUNDS)
  const limit = (seconds + SECONDS_OF_RUN) * 1000
  const run = startBench(place, [...words, '--budget', `${seconds}s`], {}, limit)
  const footprints: Footprint[] = []
  const state = { going: true }
  const ended = run.ended.finally(() => (state.going = false))
  while (state.going) {
    const footprint = footprintOf(run.pid)
    if (footprint !== null) footprints.push(footprint)
    await Promise.race([sleep(1000), ended])
  }
  const { code, stderr } = await ended
  const floors = floorsOf(footprints)
  const bad = [
    ...(code === 0 ? [] : [`exit code ${code}`]),
    ...(floors === null ? ['it was too short to look at'] : risen(floors)),
    ...grown(before, heldBy(place)),
  ]
  const what = `${seconds} s of ${workload[1]}, all drivers: ${floors === null ? 'too short' : floorsText(floors)}`
  return { what, message: firstLine(stderr), exit: code, bad }
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
    runtime: readdirSync(place.output).filter((run) => existsSync(runtimeDirectory(run))).length,
    journals: count(`${place.state}/bench/journal`),
    scratch: count(place.scratch),
  }
}
