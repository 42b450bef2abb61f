/**
 * `npm run simulate`: what the intervals and tests of this room do with noise whose truth is known. Prints the tables of
 * docs/design/004-statistics.md in Markdown. The same figures every time; only the time it took differs.
 */
import { performance } from 'node:perf_hooks'
import { hasConverged } from '../precision.ts'
import { ALTERNATIVES } from './alternatives.ts'
import { coverageOf, coverageOfMedian, coverageOfRatio } from './coverage.ts'
import { falseModes, falsePositives, modesFound, powerAtDetectableEffect } from './error-rates.ts'
import { DRAWS } from './monte-carlo.ts'
import { NOISES, SYMMETRIC, UNIMODAL } from './noise.ts'
import { byWidthAlone, coverageWhenStopped, type StoppingRule } from './stopping.ts'

const SEED = 1
const SIZES = [6, 7, 10, 20, 21, 40]
const TEST_SIZES = [6, 10, 20, 40]
const MODE_SIZES = [10, 20, 40, 100]
const SCALES = [0.05, 0.07, 0.1]
const PRECISION = 0.03

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

const begun = performance.now()
printTable(
  'Coverage of 95 % intervals',
  ['interval', 'noise', ...sizes(SIZES)],
  [
    ...NOISES.map((noise) => [
      'median',
      noise.title,
      ...SIZES.map((n) => percent(coverageOfMedian(noise, n, SEED))),
    ]),
    ...NOISES.map((noise) => [
      'ratio',
      noise.title,
      ...SIZES.map((n) => percent(coverageOfRatio(noise, n, SEED))),
    ]),
  ],
)
printTable(
  'Other intervals of the median of log ratios: coverage, and width over that of the first',
  ['interval', 'noise', ...sizes(SIZES)],
  NOISES.flatMap((noise) => {
    const [used] = ALTERNATIVES.map(({ interval }) => SIZES.map((n) => coverageOf(interval, noise, n, SEED)))
    return ALTERNATIVES.map(({ title, interval }) => [
      title,
      noise.title,
      ...SIZES.map((n, index) => {
        const { coverage, width } = coverageOf(interval, noise, n, SEED)
        return `${percent(coverage)}, ${(width / (used?.[index]?.width ?? Number.NaN)).toFixed(2)}`
      }),
    ])
  }),
)
printTable(
  `Stopped at ± ${percent(PRECISION)}, between 10 and 60 rounds: coverage, mean rounds, share converged`,
  ['noise', 'rule', ...SCALES.map((scale) => `scale ${scale}`)],
  NOISES.flatMap((noise) => {
    const row = (title: string, rule: StoppingRule) => [
      noise.title,
      title,
      ...SCALES.map((scale) => {
        const stopped = coverageWhenStopped(rule, { noise, scale, ratio: 1.25 }, PRECISION, SEED)
        return `${percent(stopped.coverage)}, ${stopped.rounds.toFixed(0)}, ${percent(stopped.converged)}`
      }),
    ]
    return [row('width alone', byWidthAlone), row('confirmed by signed ranks', hasConverged)]
  }),
)
printTable(
  'False positives of tests at 5 %',
  ['test', 'noise', ...sizes(TEST_SIZES)],
  (['signed-rank', 'rank-sum', 'drift'] as const).flatMap((test) =>
    SYMMETRIC.map((noise) => [
      test,
      noise.title,
      ...TEST_SIZES.map((n) => percent(falsePositives(test, noise, n, SEED))),
    ]),
  ),
)
printTable(
  'Power of the signed-rank test at the detectable effect (80 % is meant)',
  ['noise', ...sizes(TEST_SIZES)],
  SYMMETRIC.map((noise) => [
    noise.title,
    ...TEST_SIZES.map((n) => percent(powerAtDetectableEffect(noise, n, SEED))),
  ]),
)
printTable(
  'Two modes said of one',
  ['noise', ...sizes(MODE_SIZES)],
  UNIMODAL.map((noise) => [noise.title, ...MODE_SIZES.map((n) => percent(falseModes(noise, n, SEED)))]),
)
printTable(
  'Two modes seen of two, with 5 % of noise in each',
  ['second mode', ...sizes(MODE_SIZES)],
  [
    { factor: 1000, share: 0.3 },
    { factor: 2, share: 0.3 },
    { factor: 1.5, share: 0.2 },
  ].map(({ factor, share }) => [
    `${percent(share)} at ${factor} times`,
    ...MODE_SIZES.map((n) => percent(modesFound(factor, share, n, SEED))),
  ]),
)
print(`${DRAWS} draws each, ${((performance.now() - begun) / 1000).toFixed(0)} s in all.`)

function sizes(all: readonly number[]): string[] {
  return all.map((n) => `n = ${n}`)
}

function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (fields: readonly string[]) => `| ${fields.join(' | ')} |`
  print(`### ${title}\n`)
  print([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'))
  print('')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
