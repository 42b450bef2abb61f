import type { Resources, Sample } from '../../harness/contracts/sample.ts'

/**
 * Resources of a sample, made up from its times alone: nothing is drawn from the fixture's noise, so that its
 * figures stay what they are. `switches` by configuration: the same number in every sample.
 */
export function resourcesOf(phases: Readonly<Record<string, number>>, switches: number): Sample['resources'] {
  const times = Object.values(phases)
  const total = Math.min(
    times.reduce((sum, seconds) => sum + seconds, 0),
    10,
  )
  return {
    ...Object.fromEntries(Object.entries(phases).map(([id, seconds]) => [id, resources(seconds, 2, null)])),
    total: resources(total, switches, total * 0.21),
  }
}

function resources(seconds: number, switches: number, kernelSeconds: number | null): Resources {
  return {
    userSeconds: seconds * 0.04,
    systemSeconds: seconds * 0.31,
    childUserSeconds: 0,
    childSystemSeconds: 0,
    kernelSeconds,
    voluntarySwitches: switches,
    involuntarySwitches: 0,
    ioPressureSome: seconds * 0.44,
    ioPressureFull: seconds * 0.4,
    stealSeconds: 0,
  }
}
