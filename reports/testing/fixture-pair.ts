import type { RunSamples } from '../../harness/contracts/report.ts'
import { fixtureRun, type FixtureOptions } from './fixture-run.ts'

export interface Pair {
  baseline: RunSamples
  candidate: RunSamples
}

/**
 * Two runs of the same host. In the later one overlay2@ext4 is half as slow again, and overlay2@xfs copies what it
 * cloned.
 */
export function fixturePair(options: FixtureOptions = {}): Pair {
  const baseline = fixtureRun({ rounds: 12, ...options })
  const later = fixtureRun({ rounds: 12, seed: 11, ...options })
  const samples = later.samples.map((sample) => {
    const configuration = later.run.cells.find(({ id }) => id === sample.cell)?.configuration
    if (configuration === 'overlay2@ext4') return { ...sample, phases: times(sample.phases, 1.5) }
    if (configuration !== 'overlay2@xfs' || sample.witness?.mechanism !== 'cloned') return sample
    return { ...sample, witness: { ...sample.witness, mechanism: 'copied-up' as const } }
  })
  const run = { ...later.run, id: '20260201-201500-p0qd', startedAt: '2026-02-01T20:15:00.000Z' }
  const endedAt = baseline.run.endedAt === null ? null : '2026-02-01T20:29:00.000Z'
  return { baseline, candidate: { run: { ...run, endedAt }, samples } }
}

function times(phases: Readonly<Record<string, number>>, factor: number): Record<string, number> {
  return Object.fromEntries(Object.entries(phases).map(([phase, value]) => [phase, value * factor]))
}
