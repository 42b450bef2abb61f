import { describe, expect, it } from 'vitest'
import { validationView } from '../render/html/view/validation.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { verdict } from '../verdict/verdict.ts'
import { summarize } from './summarize.ts'

const EQUAL = 'overlay2@ext4'
const SECONDS = 0.0173

function summaryOf(change: (run: ReturnType<typeof fixtureRun>['run']) => void = () => undefined) {
  const { run, samples } = fixtureRun({
    drivers: [EQUAL, `${EQUAL}#delayed`, `${EQUAL}#flushes`],
    scenarios: ['bigfile'],
  })
  change(run)
  return summarize(run, samples)
}

describe('a delay of flushes', () => {
  it('is as large as the flushes of the headline together, beside the median of its equal', () => {
    const summary = summaryOf()
    const delays =
      summary.validation?.delays.filter(({ configuration: driver }) => driver === `${EQUAL}#flushes`) ?? []
    expect(delays.map(({ label }) => label)).toEqual(['1 MiB', '16 MiB', '256 MiB'])
    for (const { delay, flushes, label } of delays) {
      const equal = summary.cells.find(({ cell }) => cell.configuration === EQUAL && cell.label === label)
      expect(delay).toBeCloseTo(SECONDS / Number(equal?.headline?.value?.median), 10)
      expect(flushes).toEqual({ count: 1, seconds: SECONDS })
    }
    expect(delays.map(({ inAll }) => inAll)).toEqual([true, true, true])
  })

  it('is told as what it was, not as what was asked for', () => {
    const summary = summaryOf()
    const texts = verdict(summary).map(({ text }) => text)
    expect(texts).toContain(
      `Delay injected on purpose: ${EQUAL}#delayed 5 % and ${EQUAL}#flushes 17.3 ms per flush.`,
    )
    expect(texts.join('\n')).toMatch(
      /256 MiB: a delay of \d\.\d %, made by dm-delay in 1 flush of 17\.3 ms each, was found/,
    )
    expect(texts.join('\n')).toMatch(/256 MiB: a delay of 5\.0 %, made within the phases, was found/)
    expect(validationView(summary.validation)?.delays.map(({ means }) => means)).toEqual([
      ...Array<string>(3).fill('within the phases'),
      ...Array<string>(3).fill('dm-delay, 1 flush × 17.3 ms'),
    ])
  })

  it('that was never measured is no delay to be found', () => {
    const summary = summaryOf((run) => {
      run.options.injected[`${EQUAL}#flushes`] = { flush: 0.02, measured: null }
    })
    expect(summary.validation?.delays.map(({ configuration: driver }) => driver)).toEqual(
      Array<string>(3).fill(`${EQUAL}#delayed`),
    )
    expect(
      verdict(summary)
        .map(({ text }) => text)
        .join('\n'),
    ).toContain('20.0 ms per flush asked for')
  })
})
