import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunSamples } from '../../harness/contracts/report.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { comparedRowSchema } from '../../harness/contracts/compare.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { compareRuns } from './compare.ts'
import { comparedRow } from './rows.ts'
import { undecidedLines } from './undecided.ts'
import { improvementLines, regressionLines } from './lines.ts'
import { comparisonSentences } from './sentences.ts'

const CONFIGURATIONS = ['bare', 'overlay2', 'btrfs']
const rules = (threshold: number) => ({ thresholds: { threshold }, across: [] })
const THRESHOLD = rules(0.05)

/** A run of three cells; `values`: what `all` takes in each round, by configuration. */
function runOf(values: Readonly<Record<string, readonly number[]>>, rest: Partial<Sample> = {}) {
  const samples = Object.entries(values).flatMap(([configuration, own]) =>
    own.map((value, round) => smallSample(`${configuration}|`, round, { all: value }, rest)),
  )
  return { run: smallRun(CONFIGURATIONS), samples }
}

const alike = (level: number, n = 12) => Array.from({ length: n }, (_, round) => level * (1 + round / 100))
const textsOf = (comparison: ReturnType<typeof compareRuns>) =>
  comparisonSentences(comparison).map(({ text }) => text)

/** Each takes all figures of two runs. */
const FEW = { numRuns: 25 }

describe('compareRuns', () => {
  const values = fc.array(fc.double({ min: 1e-4, max: 10, noNaN: true }), { minLength: 5, maxLength: 12 })
  const runs = fc.record({ bare: values, overlay2: values, btrfs: values }).map((of) => runOf(of))

  it('of a run with itself finds no regression', () => {
    fc.assert(
      fc.property(runs, (run) => {
        const comparison = compareRuns(run, run, THRESHOLD)
        expect(regressionLines(comparison)).toEqual([])
        expect(improvementLines(comparison)).toEqual([])
        for (const { ratio } of comparison.cells) expect(ratio?.ratio).toBe(1)
      }),
      FEW,
    )
    const whole = fixtureRun()
    expect(regressionLines(compareRuns(whole, whole, THRESHOLD))).toEqual([])
  })

  it('inverts each ratio, and turns each verdict, when the runs change places', () => {
    const turned = { regression: 'improvement', improvement: 'regression' } as Record<string, string>
    fc.assert(
      fc.property(runs, runs, (one, other) => {
        const [there, back] = [compareRuns(one, other, THRESHOLD), compareRuns(other, one, THRESHOLD)]
        for (const [index, { ratio }] of there.cells.entries()) {
          const inverse = back.cells[index]?.ratio
          expect((ratio?.ratio ?? 0) * (inverse?.ratio ?? 0)).toBeCloseTo(1, 9)
          expect((ratio?.low ?? 0) * (inverse?.high ?? 0)).toBeCloseTo(1, 6)
          expect(inverse?.pAdjusted).toBeCloseTo(ratio?.pAdjusted ?? Number.NaN, 9)
          const verdict = ratio?.verdict ?? ''
          expect(inverse?.verdict).toBe(turned[verdict] ?? verdict)
        }
      }),
      FEW,
    )
  })

  it('finds a factor that all values of a cell were multiplied by', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.3, max: 100, noNaN: true }), (factor) => {
        const baseline = runOf({ bare: alike(1), overlay2: alike(2), btrfs: alike(3) })
        const slower = alike(2).map((value) => value * factor)
        const candidate = runOf({ bare: alike(1), overlay2: slower, btrfs: alike(3) })
        const comparison = compareRuns(baseline, candidate, THRESHOLD)
        expect(comparison.cells.map(({ ratio }) => ratio?.verdict)).toEqual([
          'not-shown',
          'regression',
          'not-shown',
        ])
        expect(comparison.cells[1]?.ratio?.ratio).toBeCloseTo(factor, 9)
        expect(regressionLines(comparison)).toHaveLength(1)
        expect(improvementLines(compareRuns(candidate, baseline, THRESHOLD))).toHaveLength(1)
      }),
      FEW,
    )
  })

  it('says in one line what became slower, from what to what, and how sure that is', () => {
    const baseline = runOf({ bare: alike(1), overlay2: alike(2), btrfs: alike(3) })
    const candidate = runOf({ bare: alike(1), overlay2: alike(4), btrfs: alike(3) })
    expect(regressionLines(compareRuns(baseline, candidate, THRESHOLD))).toEqual([
      expect.stringMatching(
        /^overlay2 in scenario, cold cache: all of it 2\.11 s → 4\.22 s, 2\.00× \(1\.\d+ – 2\.\d+; p < 0\.001\)$/,
      ),
    ])
    expect(textsOf(compareRuns(baseline, candidate, THRESHOLD))).toEqual([
      '3 cells compared, threshold 5 %: 1 regression and 2 about the same.',
    ])
  })

  it('calls no regression what is within the threshold, and not what only a rate of its own makes larger', () => {
    const baseline = runOf({ bare: alike(1, 40), overlay2: alike(2, 40), btrfs: alike(3, 40) })
    const slower = runOf({ bare: alike(1, 40), overlay2: alike(2.4, 40), btrfs: alike(3, 40) })
    const verdicts = (threshold: number) =>
      compareRuns(baseline, slower, rules(threshold)).cells.map(({ ratio }) => ratio?.verdict)[1]
    expect(verdicts(0.1)).toBe('regression')
    expect(verdicts(0.25)).toBe('within-threshold')
    const rates = [baseline, slower].map(({ run, samples }) => ({ run: ofRates(run), samples }))
    const [before, after] = rates as [(typeof rates)[0], (typeof rates)[0]]
    expect(compareRuns(before, after, rules(0.1)).cells[1]?.ratio?.verdict).toBe('improvement')
    expect(compareRuns(after, before, rules(0.1)).cells[1]?.ratio?.verdict).toBe('regression')
  })

  it('does not judge what so few rounds cannot show', () => {
    const values4 = { bare: alike(1, 4), overlay2: alike(2, 4), btrfs: alike(3, 4) }
    const comparison = compareRuns(runOf(values4), runOf({ ...values4, overlay2: alike(9, 4) }), THRESHOLD)
    expect(comparison.cells.map(({ ratio }) => ratio?.verdict)).toEqual(Array(3).fill('too-few-rounds'))
    expect(regressionLines(comparison)).toEqual([])
  })

  it('passes no cell that is too noisy to show that it is not worse: no change shown is no proof', () => {
    const noisy = Array.from({ length: 12 }, (_, round) => 2 * (1 + (round % 4) / 5))
    const quiet = { bare: alike(1), btrfs: alike(3) }
    const lines = (threshold: number) =>
      undecidedLines(
        compareRuns(
          runOf({ ...quiet, overlay2: noisy }),
          runOf({ ...quiet, overlay2: noisy }),
          rules(threshold),
        ),
      )
    expect(lines(0.15)).toEqual([
      'too noisy to show that it is worse by at most 15 %: overlay2 in scenario, cold cache',
    ])
    expect(lines(0.7)).toEqual([])
  })

  it('gives rows that its schema takes', () => {
    const whole = fixtureRun({ rounds: 6 })
    for (const cell of compareRuns(whole, whole, THRESHOLD).cells) {
      const row = comparedRow(cell, { incomparableReasons: [], judgedBy: 'figures' })
      expect(comparedRowSchema.strict().parse(row)).toEqual(row)
    }
  })
})

describe('a value of 0', () => {
  const same = (value: number, n = 12) => Array.from({ length: n }, () => value)
  /** A run whose headline is a rate. */
  const rates = (values: readonly number[]) => {
    const { run, samples } = runOf({ bare: alike(1), overlay2: values, btrfs: alike(3) })
    const scenarios = run.scenarios.map((scenario) => ({
      ...scenario,
      phases: scenario.phases.map((phase) => ({
        ...phase,
        unit: 'iops' as const,
        better: 'higher' as const,
      })),
    }))
    return { run: { ...run, scenarios }, samples }
  }
  const compared = (baseline: RunSamples, candidate: RunSamples) => {
    const comparison = compareRuns(baseline, candidate, THRESHOLD)
    const cell = comparison.cells[1]
    if (cell === undefined) throw new Error('the cell is missing')
    comparedRowSchema
      .strict()
      .parse(JSON.parse(JSON.stringify(comparedRow(cell, { incomparableReasons: [], judgedBy: 'figures' }))))
    return { verdict: cell.ratio?.verdict, lines: regressionLines(comparison), comparison }
  }

  it('as a rate is the worst there is: a regression, and an improvement when it goes on again', () => {
    const [going, stopped] = [rates(alike(500)), rates(same(0))]
    expect(compared(going, stopped)).toMatchObject({
      verdict: 'regression',
      lines: ['overlay2 in scenario, cold cache: all of it 528 IOPS → 0 IOPS, stopped (p < 0.001)'],
    })
    const { verdict, comparison } = compared(stopped, going)
    expect(verdict).toBe('improvement')
    expect(improvementLines(comparison)).toEqual([
      'overlay2 in scenario, cold cache: all of it 0 IOPS → 528 IOPS, stopped before (p < 0.001)',
    ])
    expect(undecidedLines(comparison)).toEqual([])
    expect(compared(stopped, stopped)).toMatchObject({ verdict: 'not-shown', lines: [] })
  })

  it('as a time is too short to be measured: an improvement, and a regression when it is no longer', () => {
    const [some, none] = [
      runOf({ bare: alike(1), overlay2: alike(2), btrfs: alike(3) }),
      runOf({ bare: alike(1), overlay2: same(0), btrfs: alike(3) }),
    ]
    expect(compared(some, none).verdict).toBe('improvement')
    expect(compared(none, some)).toMatchObject({
      verdict: 'regression',
      lines: [
        'overlay2 in scenario, cold cache: all of it 0 s → 2.11 s, too short to be measured before (p < 0.001)',
      ],
    })
  })

  it('in a single round does not end the judging of its cell', () => {
    const [going, once] = [rates(alike(500)), rates([0, ...alike(500).slice(1)])]
    expect(compared(going, once).verdict).toBe('not-shown')
    expect(compared(once, rates(alike(250))).verdict).toBe('regression')
  })
})

describe('what needs no statistics', () => {
  const of = (rest: Partial<Sample>) =>
    runOf({ bare: alike(1, 5), overlay2: alike(2, 5), btrfs: alike(3, 5) }, rest)
  const witness = (mechanism: 'cloned' | 'copied-up') => ({
    mechanism,
    before: null,
    after: null,
    containerHash: null,
    lowerHash: null,
    bytesChanged: 1,
  })
  const written = (bytesWritten: number) => ({
    io: { total: { bytesRead: 0, bytesWritten, reads: 0, writes: 1, flushes: 1 } },
  })

  it('is another mechanism, whichever way', () => {
    const [cloned, copied] = [of({ witness: witness('cloned') }), of({ witness: witness('copied-up') })]
    expect(regressionLines(compareRuns(cloned, copied, THRESHOLD))[1]).toBe(
      'overlay2 in scenario, cold cache: was cloned, is copied up',
    )
    expect(regressionLines(compareRuns(copied, cloned, THRESHOLD))).toHaveLength(3)
    expect(regressionLines(compareRuns(cloned, cloned, THRESHOLD))).toEqual([])
  })

  it('is a number of bytes that every sample has, when it grew by more than the threshold', () => {
    const [few, more, many] = [of(written(1e6)), of(written(1.04e6)), of(written(2 ** 28))]
    expect(regressionLines(compareRuns(few, many, THRESHOLD))[0]).toBe(
      'bare in scenario, cold cache: 977 KiB → 256 MiB written at the device, in every sample',
    )
    const { cells } = compareRuns(few, more, THRESHOLD)
    expect(cells[0]?.changes).toEqual([
      { what: '977 KiB → 1,016 KiB written at the device, in every sample', isRegression: false },
    ])
    expect(regressionLines(compareRuns(many, few, THRESHOLD))).toEqual([])
  })

  it('is no number that differs between the samples of one run', () => {
    const uneven = of({})
    uneven.samples = uneven.samples.map((sample, index) => ({ ...sample, ...written(1e6 + 4096 * index) }))
    expect(compareRuns(uneven, of(written(2 ** 28)), THRESHOLD).cells[0]?.changes).toEqual([])
  })

  describe('flushes for each object changed', () => {
    const flushed = (flushesOf: (round: number) => number) => {
      const run = of({})
      const io = (flushes: number) => ({
        bytesRead: 0,
        bytesWritten: 0,
        reads: 0,
        writes: 0,
        flushes,
        fuaWrites: 0,
      })
      const changed = { objects: 100, word: 'file' }
      run.samples = run.samples.map((sample) => ({
        ...sample,
        io: { open: io(flushesOf(sample.round)), sync: io(0), total: io(1 + flushesOf(sample.round)) },
        witness: { ...witness('copied-up'), changed },
      }))
      return run
    }
    const lines = (before: (round: number) => number, now: (round: number) => number) =>
      regressionLines(compareRuns(flushed(before), flushed(now), THRESHOLD))

    it('are a regression where every sample of a run has the number', () => {
      const [line] = lines(
        () => 2,
        () => 110,
      )
      expect(line).toBe(
        'bare in scenario, cold cache: flushes per file: 0.020 exact → 1.10 exact, now in open 1.10',
      )
      expect(
        lines(
          () => 110,
          () => 2,
        ),
      ).toEqual([])
      expect(
        lines(
          () => 100,
          () => 104,
        ),
      ).toEqual([])
    })

    it('are a regression where the samples differ, and lie apart in enough of them', () => {
      const [line] = lines(
        (round) => 2 + (round % 2),
        (round) => 110 + round,
      )
      expect(line).toMatch(/0\.020 \(0\.020 – 0\.030\) → 1\.12 \(1\.10 – 1\.14\)/)
    })

    it('are none where the samples overlap', () => {
      expect(
        lines(
          (round) => 2 + 30 * round,
          (round) => 110 + round,
        ),
      ).toEqual([])
    })
  })

  it('is a cell that does not run any more', () => {
    const baseline = of({})
    const run = smallRun(CONFIGURATIONS)
    run.outcomes['overlay2|'] = { state: 'unsupported', code: 'x', reason: 'no such file system', hint: '' }
    const candidate = { run, samples: baseline.samples.filter(({ cell }) => cell !== 'overlay2|') }
    expect(regressionLines(compareRuns(baseline, candidate, THRESHOLD))).toEqual([
      'overlay2 in scenario, cold cache: was completed, is unsupported: no such file system',
    ])
    expect(regressionLines(compareRuns(candidate, baseline, THRESHOLD))).toEqual([])
  })
})

describe('runs that cannot be compared', () => {
  const values = { bare: alike(1), overlay2: alike(2), btrfs: alike(3) }
  const slower = runOf({ bare: alike(9), overlay2: alike(9), btrfs: alike(9) })
  const baseline = runOf(values)
  const withRun = (changes: Partial<Run>) => ({ ...slower, run: { ...slower.run, ...changes } })

  it.each<[string, Partial<Run>]>([
    ['Different kernels: 6.12.9-amd64 and 6.1.0.', { host: { ...slower.run.host, kernel: '6.1.0' } }],
    ['Different versions of what bench measures: 1 and 2.', { host: { ...slower.run.host, measuring: 2 } }],
    [
      'Different bytes in the image image.',
      { images: { image: { layers: 1, files: 1, bytes: 1, manifest: 'other' } } },
    ],
    [
      'Different kinds of scratch: loop and device.',
      { options: { ...slower.run.options, scratch: { kind: 'device', path: '/dev/sdx', size: 1 } } },
    ],
  ])('are shown side by side: %s', (sentence, changes) => {
    const before = { ...baseline, run: { ...baseline.run, images: { image: imageOf('one') } } }
    const comparison = compareRuns(before, withRun(changes), THRESHOLD)
    expect(textsOf(comparison).slice(0, 2)).toEqual([
      sentence,
      'The two runs are shown side by side; their figures are not compared.',
    ])
    expect(regressionLines(comparison)).toEqual([])
    for (const { ratio, changes: found, candidate } of comparison.cells) {
      expect({ ratio, found }).toEqual({ ratio: null, found: [] })
      expect(candidate.headline?.value?.n).toBe(12)
    }
  })

  it('may still have been measured by another minor version of Node, on a disk of another name', () => {
    const host = {
      ...slower.run.host,
      node: 'v20.99.0',
      disk: { ...slower.run.host.disk, device: '/dev/sdz' },
    }
    expect(compareRuns(baseline, withRun({ host }), THRESHOLD).incomparableReasons).toEqual([])
  })
})

describe('comparisonSentences', () => {
  it('says what is not in both, what did not come to its end, and what was done on purpose', () => {
    const values = { bare: alike(1), overlay2: alike(2), btrfs: alike(3) }
    const baseline = runOf(values)
    baseline.run.cells = baseline.run.cells.slice(0, 2)
    baseline.samples = baseline.samples.filter(({ cell }) => cell !== 'btrfs|')
    const candidate = runOf(values)
    candidate.run.state = 'interrupted'
    candidate.run.options = { ...candidate.run.options, injected: { overlay2: 0.05 }, load: 'disk' }
    expect(textsOf(compareRuns(baseline, candidate, THRESHOLD)).slice(1)).toEqual([
      'Delay injected on purpose in the candidate: overlay2 5 %.',
      'In the candidate a second process disturbed the disk on purpose.',
      'The candidate is a run that is interrupted: it holds what there is.',
      'Not in both runs: 1 cell of the candidate.',
    ])
  })

  it('does not blame a driver where its control is as much worse, nor a control, which has none', () => {
    const baseline = runOf({ bare: alike(1), overlay2: alike(2), btrfs: alike(3) })
    const host = runOf({ bare: alike(3), overlay2: alike(6), btrfs: alike(9) })
    const comparison = compareRuns(baseline, host, THRESHOLD)
    expect(regressionLines(comparison)).toEqual([])
    expect(undecidedLines(comparison)).toEqual([
      'a control is worse, and it has no driver: the host or other work on it changed: bare in scenario, cold cache',
      'worse, but not shown to be beside its control: the host or other work on it may have changed: overlay2 in scenario, cold cache and 1 more cell',
    ])
    const driver = runOf({ bare: alike(3), overlay2: alike(8), btrfs: alike(9) })
    expect(regressionLines(compareRuns(baseline, driver, THRESHOLD))).toEqual([
      expect.stringContaining('overlay2'),
    ])
  })

  it('warns when the control moved', () => {
    const baseline = runOf({ bare: alike(1), overlay2: alike(2), btrfs: alike(3) })
    const candidate = runOf({ bare: alike(3), overlay2: alike(6), btrfs: alike(9) })
    expect(textsOf(compareRuns(baseline, candidate, THRESHOLD))[1]).toMatch(/^bare: the control moved, too/)
  })
})

function imageOf(manifest: string) {
  return { layers: 1, files: 1, bytes: 1, manifest }
}

/** The same run whose figures are rates: more is better. */
function ofRates(run: Run): Run {
  const scenarios = run.scenarios.map((scenario) => ({
    ...scenario,
    phases: scenario.phases.map((phase) => ({ ...phase, unit: 'iops' as const, better: 'higher' as const })),
  }))
  return { ...run, scenarios }
}
