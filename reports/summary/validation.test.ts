import { describe, expect, it } from 'vitest'
import { fixtureRun } from '../testing/fixture-run.ts'
import { summarize } from './summarize.ts'

const EQUAL = 'overlay2@ext4'
const SECONDS = 0.0173

function summaryOf(change: (run: ReturnType<typeof fixtureRun>['run']) => void = () => undefined) {
  const { run, samples } = fixtureRun({
    configurations: [EQUAL, `${EQUAL}#delayed`, `${EQUAL}#flushes`],
    scenarios: ['bigfile'],
  })
  change(run)
  return summarize(run, samples)
}

describe('trials of few rounds', () => {
  it('find by the answers what the ranks have too few rounds for', () => {
    const found = summaryOf().validation?.delays.find(
      ({ configuration, label }) => configuration === `${EQUAL}#flushes` && label === '1 MiB',
    )
    const counts = found?.trials.map(({ rounds, answered, byRanks }) => ({
      rounds,
      answered: answered.found,
      byRanks: byRanks.found,
      trials: answered.trials,
    }))
    expect(counts).toEqual([
      { rounds: 3, trials: 4, answered: 4, byRanks: 0 },
      { rounds: 5, trials: 2, answered: 2, byRanks: 0 },
      { rounds: 10, trials: 1, answered: 1, byRanks: 1 },
    ])
  })

  it('count false alarms where a configuration is compared with its equal, and only there', () => {
    const equals = summaryOf((run) => {
      run.options.injected = {}
    })
    const sizes = equals.validation?.alike ?? []
    expect(sizes.map(({ rounds }) => rounds)).toEqual([3, 5, 10])
    expect(sizes.map(({ together }) => together.trials)).toEqual([4, 2, 1])
    // The fixture delays them all the same: each is told from what is said to be its equal.
    expect(sizes.map(({ together }) => together.found)).toEqual([4, 2, 1])
    expect(sizes.map(({ byModel, byRanks }) => [byModel.trials, byRanks.trials])).toEqual([
      [24, 24],
      [12, 12],
      [6, 6],
    ])
    expect(summaryOf().validation?.alike.map(({ together }) => together.trials)).toEqual([0, 0, 0])
  })
})

describe('a delay of flushes', () => {
  it('is as large as the flushes of the headline together, beside the median of its equal', () => {
    const summary = summaryOf()
    const delays =
      summary.validation?.delays.filter(({ configuration }) => configuration === `${EQUAL}#flushes`) ?? []
    expect(delays.map(({ label }) => label)).toEqual(['1 MiB', '16 MiB', '256 MiB'])
    for (const { delay, flushes, label } of delays) {
      const equal = summary.cells.find(({ cell }) => cell.configuration === EQUAL && cell.label === label)
      expect(delay).toBeCloseTo(SECONDS / Number(equal?.headline?.value?.median), 10)
      expect(flushes).toEqual({ count: 1, seconds: SECONDS })
    }
    expect(delays.map(({ inAll }) => inAll)).toEqual([true, true, true])
  })

  it('that was never measured is no delay to be found', () => {
    const summary = summaryOf((run) => {
      run.options.injected[`${EQUAL}#flushes`] = { flush: 0.02, measured: null }
    })
    expect(summary.validation?.delays.map(({ configuration }) => configuration)).toEqual(
      Array<string>(3).fill(`${EQUAL}#delayed`),
    )
  })
})
