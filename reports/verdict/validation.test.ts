import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { verdict } from './verdict.ts'

const EQUAL = 'overlay2@ext4'

const { run, samples } = fixtureRun({
  configurations: [EQUAL, `${EQUAL}#delayed`, `${EQUAL}#flushes`],
  scenarios: ['bigfile'],
})
const textsOf = () => verdict(summarize(run, samples)).map(({ text }) => text)

describe('a delay of flushes', () => {
  it('is reported as measured, not as requested', () => {
    const texts = textsOf()
    expect(texts).toContain(
      `Delay injected on purpose: ${EQUAL}#delayed 5 % and ${EQUAL}#flushes 17.3 ms per flush.`,
    )
    expect(texts.join('\n')).toMatch(
      /256 MiB: a delay of \d\.\d %, made by dm-delay in 1 flush of 17\.3 ms each, was found/,
    )
    expect(texts.join('\n')).toMatch(/256 MiB: a delay of 5\.0 %, made within the phases, was found/)
  })

  it('that was never measured is reported as requested', () => {
    run.options.injected[`${EQUAL}#flushes`] = { flush: 0.02, measured: null }
    expect(textsOf().join('\n')).toContain('20.0 ms per flush asked for')
  })
})
