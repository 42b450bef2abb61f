import { describe, expect, test } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { engineRun, engineSamples } from '../testing/engine-run.ts'
import { describeEngineTax } from './engine-tax.ts'
import { verdict } from './verdict.ts'

describe('engine tax', () => {
  test('each phase is divided by the same without the engine, round by round', () => {
    const { cells, rows } = summarize(engineRun(), engineSamples(5))
    const tax = cells.find(({ cell }) => cell.configuration === 'engine:driver')?.engineTax
    expect(tax?.configuration).toBe('driver')
    expect(tax?.phases.map(({ phase, ratio }) => [phase.id, ratio.answer.is])).toEqual([
      ['open', 'dearer'],
      ['sync', 'same'],
      ['all', 'same'],
    ])
    expect(
      rows.find(({ configuration, phase }) => configuration === 'engine:driver' && phase === 'open'),
    ).toMatchObject({
      engineTax: { configuration: 'driver', ratio: expect.closeTo(5, 1), answer: 'dearer' },
    })
    expect(
      rows.filter(({ configuration }) => configuration !== 'engine:driver').map((row) => row.engineTax),
    ).toEqual(Array.from({ length: 6 }, () => null))
  })

  test('is one sentence: the whole, then the phases that are dearer', () => {
    const summary = summarize(engineRun(), engineSamples(5))
    const [sentence, ...others] = summary.panels.flatMap((panel) => describeEngineTax(panel, summary))
    expect(others).toEqual([])
    expect(sentence?.text).toMatch(
      /^Engine tax of engine:driver \(work, cold cache\): about the same as driver \(1\.0\d×, .*\); open takes 50\.0 ms instead of 10\.0 ms, at least 4\.\d× dearer\.$/,
    )
  })

  test('an engine that fell back to something else is said before any figure, once', () => {
    const run = engineRun()
    const reason = 'the daemon was asked for driver, and uses vfs'
    const outcome = { state: 'failed', code: 'engine.fallback', reason, hint: '' } as const
    const outcomes = { ...run.outcomes, 'engine:driver|': outcome }
    const measured = engineSamples(1).filter(({ cell }) => cell !== 'engine:driver|')
    const [first, ...others] = verdict(summarize({ ...run, outcomes }, measured))
    expect(first).toEqual({
      tone: 'alarm',
      scenario: null,
      text: `${reason}: engine:driver was not measured.`,
    })
    expect(others.filter(({ text }) => text.includes(reason))).toEqual([])
  })

  test.each([
    ['engine.kernel-default', 'engine:driver is mounted with metacopy=on: a parameter of the kernel sets it'],
    ['work.emulated', 'the virtual machine ran on an emulated CPU'],
  ])('what is not as one believes (%s) stands before any figure, once', (code, message) => {
    const [first, ...others] = verdict(summarize(engineRun(), engineSamples(1, [{ code, message }])))
    expect(first).toEqual({ tone: 'alarm', scenario: null, text: `${message}.` })
    expect(others.filter(({ text }) => text.includes(message))).toEqual([])
  })
})
