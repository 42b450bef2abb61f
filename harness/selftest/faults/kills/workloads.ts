/** Makes the smallest run of each scenario, and finds the drivers that work here. */
import { makePlace, type Place } from '../../../cli/testing/bench.ts'
import { boundedBench } from '../bounded.ts'

const SECONDS_TO_LIST = 120

export const WORKLOADS: readonly (readonly string[])[] = [
  ['--scenario', 'bigfile', '--set', 'size=1M', '--set', 'depth=0'],
  ['--scenario', 'smallwrites', '--set', 'files=10', '--set', 'layers=1', '--set', 'image=tiny'],
  ['--scenario', 'startup', '--set', 'layers=1', '--set', 'image=tiny'],
  ['--scenario', 'metadata', '--set', 'depth=1', '--set', 'iterations=8'],
  ['--scenario', 'image', '--set', 'layers=2'],
  ['--scenario', 'tree', '--set', 'op=recreate', '--set', 'files=20', '--set', 'directories=3'],
]

/** Returns the configurations that this host supports. */
export function driversHere(): string[] {
  using place = makePlace()
  const { stdout } = boundedBench(SECONDS_TO_LIST, place.state, ['list', 'drivers', '--json'])
  const drivers = JSON.parse(stdout) as { here: { configuration: string; support: { ok: boolean } }[] }[]
  return drivers.flatMap(({ here }) =>
    here.filter(({ support }) => support.ok).map(({ configuration }) => configuration),
  )
}

export function argumentsOf(place: Place, workload: readonly string[], rounds: number): string[] {
  const quick = ['--calibration', 'none', '--rounds', String(rounds), '--max-rounds', String(rounds)]
  return ['run', ...workload, ...quick, '--output', place.output, '--scratch', place.scratch]
}
