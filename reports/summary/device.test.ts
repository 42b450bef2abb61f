import { describe, expect, it } from 'vitest'
import type { Calibration } from '../../harness/contracts/calibration.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { FIXTURE_CALIBRATION } from '../testing/fixture-calibration.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { CellCollector } from './collector.ts'
import { isBelowFloor, limitShareOf } from './device.ts'
import type { PhaseInfo } from './figures.ts'

const MIB = 1024 ** 2
const second = { id: 'work', title: 'Work', unit: 's', better: 'lower' } as const

describe('isBelowFloor', () => {
  // An empty phase takes 360 ns, one that waits 2.9 µs.
  it.each<[string, PhaseInfo, number, boolean]>([
    ['just under 20 times an empty phase', second, 7.1e-6, true],
    ['just over it', second, 7.3e-6, false],
    ['a verb, which waits', { ...second, id: 'mount' }, 5e-5, true],
    ['two parts, of which each has its own', { ...second, sum: ['a', 'b'] }, 1.4e-5, true],
    ['two parts, longer', { ...second, sum: ['a', 'b'] }, 1.5e-5, false],
    ['what a tool measured', { ...second, byTool: true }, 1e-6, false],
    ['a rate', { ...second, unit: 'iops' }, 1e-6, false],
  ])('%s', (_, phase, value, below) => {
    expect(isBelowFloor(phase, value, FIXTURE_CALIBRATION)).toBe(below)
    expect(isBelowFloor(phase, value, null)).toBe(false)
  })
})

/** Returns the share of its limit that a phase achieves in samples of half a second with these bytes. */
function shareOf(
  phase: Partial<PhaseInfo>,
  { mechanism = 'copied-up', ...cell }: Partial<Cell> & { mechanism?: string | null } = {},
  calibration: Calibration | null = FIXTURE_CALIBRATION,
) {
  const run = smallRun(['control'])
  const [own] = run.cells
  const [scenario] = run.scenarios
  if (own === undefined || scenario === undefined) throw new Error('no cell')
  const measured = { ...own, ...cell, phases: ['work'] }
  const collected = new CellCollector(measured, { ...scenario, phases: [{ ...second, ...phase }] })
  for (const sample of halfSeconds(own.id, phase.unit === 'iops' ? 8396.8 : 0.5)) collected.add(sample)
  const columns = collected.phase('work')
  if (columns === null) throw new Error('no phase')
  const found = limitShareOf(columns, measured, mechanism, calibration)
  return found === null ? null : { share: found.share, operation: found.limit.operation }
}

function halfSeconds(cell: string, value: number): Sample[] {
  const io = { bytesRead: 335 * MIB, bytesWritten: 327 * MIB, reads: 1, writes: 1, flushes: 1 }
  return [1, 2, 3].map((round) => smallSample(cell, round, { work: value }, { io: { work: io } }))
}

describe('limitShareOf', () => {
  const copy = { limit: { operation: 'copy', pattern: 'sequential' } } as const

  it("compares a cold copy with the device's copying", () => {
    expect(shareOf(copy, { cache: 'cold' })).toEqual({ share: expect.closeTo(0.6, 3), operation: 'copy' })
  })

  it('compares a warm copy, which reads memory, with writing and flushing', () => {
    expect(shareOf(copy, { cache: 'warm' })).toEqual({
      share: expect.closeTo(654 / 1310, 3),
      operation: 'write+flush',
    })
  })

  it.each(['cloned', 'metadata-only', 'block-cow', 'none', 'copied-up (2), cloned (1)', null])(
    'says nothing of a copy where the mechanism is %s',
    (mechanism) => {
      expect(shareOf(copy, { mechanism })).toBeNull()
    },
  )

  it('takes what was written for writing and what was read for reading, whatever the mechanism', () => {
    const of = (operation: 'write' | 'read') =>
      shareOf({ limit: { operation, pattern: 'sequential' } }, { mechanism: 'none' })?.share
    expect(of('write')).toBeCloseTo(654 / 1480, 3)
    expect(of('read')).toBeCloseTo(670 / 3350, 3)
  })

  it("compares a rate with the device's own", () => {
    const limit = { operation: 'write+flush', pattern: 'random' } as const
    expect(shareOf({ unit: 'iops', better: 'higher', limit })?.share).toBeCloseTo(0.8, 6)
  })

  it('says nothing without a limit, without a calibration, and of what was not measured', () => {
    expect(shareOf({})).toBeNull()
    expect(shareOf(copy, {}, null)).toBeNull()
    expect(shareOf(copy, {}, { ...FIXTURE_CALIBRATION, device: null })).toBeNull()
    expect(shareOf({ limit: { operation: 'copy', pattern: 'random' } })).toBeNull()
  })
})
