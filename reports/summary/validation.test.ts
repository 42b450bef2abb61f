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
