import { expect, it } from 'vitest'
import type { PhaseInfo } from './figures.ts'
import { additivePhases } from './phases.ts'

function phase(id: string, more: Partial<PhaseInfo> = {}): PhaseInfo {
  return { id, title: id, unit: 's', better: 'lower', ...more }
}

it('adds up only phases that follow each other', () => {
  const phases = [
    phase('prepare'),
    phase('command'),
    phase('cpu', { within: true }),
    phase('all', { sum: ['prepare', 'command'] }),
    phase('ready-p95'),
    phase('rate', { unit: 'iops' }),
  ]
  expect(additivePhases(phases).map(({ id }) => id)).toEqual(['prepare', 'command'])
})
