import { describe, expect, test } from 'vitest'
import type { Sample } from '../contracts/sample.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { trackConvergence, type Converging } from './convergence.ts'

const PHASES = [
  { id: 'prepare', title: '', unit: 's', better: 'lower' },
  { id: 'write', title: '', unit: 's', better: 'lower', headline: true },
] as const

function cell(id: string, control: string | null = null, phases = ['prepare', 'write']): Converging {
  return { cell: { id, control, phases }, scenario: { meta: { phases: PHASES } } }
}

const run = smallRun()
function sample(id: string, round: number, value: number, state: Sample['state'] = 'completed'): Sample {
  return { ...sampleOf(run, round), cell: id, state, phases: { prepare: 1000 * (round + 1), write: value } }
}

const AIM = { precision: 0.03, same: 0.1 }
const ids = (cells: readonly Converging[]) => cells.map(({ cell: { id } }) => id)
/** Scatter that stays in the ratio: a few per mille, or a factor. */
const calm = (round: number) => 1 + 0.001 * (round % 3)
const wild = (round: number) => 1 + (round % 3)

/** Ten rounds, each cell's value by its own rule. */
function measured(cells: readonly Converging[], rules: Record<string, (round: number) => number>) {
  const convergence = trackConvergence(cells, AIM)
  for (let round = 0; round < 10; round += 1) {
    for (const [id, rule] of Object.entries(rules)) convergence.add(sample(id, round, rule(round)))
  }
  return convergence
}

describe('who goes on', () => {
  const plain = cell('plain')
  const quiet = cell('quiet', 'plain')
  const noisy = cell('noisy', 'plain')

  test('everyone, before there is anything to tell it by', () => {
    expect(ids(trackConvergence([plain, quiet, noisy], AIM).going())).toEqual(['plain', 'quiet', 'noisy'])
  })

  test('a cell whose ratio is not known, and its control with it; not one whose ratio is', () => {
    const convergence = measured([plain, quiet, noisy], { plain: calm, quiet: calm, noisy: wild })
    expect(ids(convergence.going())).toEqual(['plain', 'noisy'])
  })

  test('nobody, once all ratios are known: a control has none of its own', () => {
    const drifting = (round: number) => 2 ** round
    const convergence = measured([plain, quiet], { plain: drifting, quiet: (round) => 3 * drifting(round) })
    expect(convergence.going()).toEqual([])
  })

  test('what was known once is not measured again, whatever a control that goes on shows later', () => {
    const convergence = measured([plain, quiet, noisy], { plain: calm, quiet: calm, noisy: wild })
    convergence.going()
    for (const round of [10, 11, 12]) convergence.add(sample('quiet', round, 100 * (round - 9)))
    expect(ids(convergence.going())).toEqual(['plain', 'noisy'])
  })

  test('a cell without a control by its own median', () => {
    const [still, restless] = [cell('still'), cell('restless')]
    expect(ids(measured([still, restless], { still: calm, restless: wild }).going())).toEqual(['restless'])
  })

  test('the control of a control, as long as somebody needs either', () => {
    const twin = cell('twin', 'quiet')
    const convergence = measured([plain, quiet, twin], { plain: calm, quiet: calm, twin: wild })
    expect(ids(convergence.going())).toEqual(['plain', 'quiet', 'twin'])
  })

  test('what does the same without an engine, as long as the engine is measured', () => {
    const through = cell('noisy', 'plain')
    const engine: Converging = { ...through, cell: { ...through.cell, withoutEngine: 'quiet' } }
    const convergence = measured([plain, quiet, engine], { plain: calm, quiet: calm, noisy: wild })
    expect(ids(convergence.going())).toEqual(['plain', 'quiet', 'noisy'])
  })

  test('nobody who is given up; what it was the control of is known by its own median', () => {
    const convergence = measured([plain, quiet, noisy], { quiet: calm, noisy: wild })
    convergence.giveUp(plain)
    expect(ids(convergence.open())).toEqual(['quiet', 'noisy'])
    expect(ids(convergence.going())).toEqual(['noisy'])
  })

  test('a cell of failed samples, or one that does not report the headline: never known', () => {
    const [failing, other] = [cell('failing'), cell('other', null, ['prepare'])]
    const convergence = trackConvergence([failing, other], AIM)
    for (let round = 0; round < 10; round += 1) {
      convergence.add(sample('failing', round, 1, 'failed'))
      convergence.add(sample('other', round, 1))
    }
    // Its headline is prepare then, which doubles and trebles.
    expect(ids(convergence.going())).toEqual(['failing', 'other'])
  })
})

describe('how many rounds it takes', () => {
  test('cannot be told from too few', () => {
    const one = cell('one')
    const convergence = trackConvergence([one], AIM)
    for (let round = 0; round < 5; round += 1) convergence.add(sample('one', round, wild(round)))
    expect(convergence.roundsNeeded(one)).toBeNull()
  })

  test('is fewer than there are of what is known, and many more of what is not', () => {
    const [still, restless] = [cell('still'), cell('restless')]
    const convergence = measured([still, restless], { still: calm, restless: wild })
    expect(convergence.roundsNeeded(still)).toBeLessThanOrEqual(10)
    expect(convergence.roundsNeeded(restless)).toBeGreaterThan(100)
  })
})
