/** The tables of docs/design/004-statistics.md. */
import { hasConverged } from '../../statistics/precision.ts'
import { ALTERNATIVES, percentileBootstrapOfTwo } from './alternatives.ts'
import {
  coverageOf,
  coverageOfMedian,
  coverageOfMedianInDrift,
  coverageOfRatio,
  coverageOfTwo,
} from './coverage.ts'
import {
  falseModes,
  falsePositives,
  modesFound,
  powerAtDetectableEffect,
  trendsInWandering,
} from './error-rates.ts'
import { HEAVY_TAILED, LOGNORMAL, NOISES, NORMAL, SYMMETRIC, TWO_MODES, UNIMODAL } from './noise.ts'
import { FEW_ROUNDS_TABLES } from './few-rounds-tables.ts'
import { settle } from './settling.ts'
import { byWidthAlone, byWidthThreeTimes, coverageWhenStopped, type StoppingRule } from './stopping.ts'
import { percent, type Table } from './table.ts'

const SEED = 1
const PRECISION = 0.03
const SCALES = [0.05, 0.07, 0.1]
const SETTLING_RUNS = 60
const WANDERING = 'rounds that resemble each other'

export const TABLES: readonly (() => Table)[] = [
  coverageTable,
  twoRunsTable,
  alternativesTable,
  stoppingTable,
  falsePositivesTable,
  powerTable,
  falseModesTable,
  modesFoundTable,
  ...FEW_ROUNDS_TABLES,
  settlingTable,
]

function coverageTable(): Table {
  const row = bySizes([6, 7, 10, 20, 21, 40])
  return {
    title: 'Coverage of 95 % intervals',
    head: ['interval', 'noise', ...row.head],
    rows: [
      ...NOISES.map((noise) => [
        'median',
        noise.title,
        ...row.of((n) => percent(coverageOfMedian(noise, n, SEED))),
      ]),
      ['median', WANDERING, ...row.of((n) => percent(coverageOfMedianInDrift(n, SEED)))],
      ...NOISES.map((noise) => [
        'ratio',
        noise.title,
        ...row.of((n) => percent(coverageOfRatio(noise, n, SEED))),
      ]),
    ],
  }
}

function twoRunsTable(): Table {
  const sizes = [
    [5, 5],
    [5, 20],
    [6, 6],
    [7, 7],
    [10, 10],
    [20, 20],
    [21, 40],
    [120, 20],
  ] as const
  const methods = [
    ['from the two intervals', undefined],
    ['percentile bootstrap', percentileBootstrapOfTwo],
  ] as const
  return {
    title: 'Coverage of 95 % intervals of the ratio of two medians that are not paired',
    head: ['interval', 'noise', ...sizes.map(([n, m]) => `${n}, ${m}`)],
    rows: methods.flatMap(([title, interval]) =>
      NOISES.map((noise) => [
        title,
        noise.title,
        ...sizes.map((size) => percent(coverageOfTwo(noise, size, SEED, interval))),
      ]),
    ),
  }
}

/** Widths are over those of the interval that is used. */
function alternativesTable(): Table {
  const sizes = [6, 7, 10, 20, 21, 40]
  const rows = [NORMAL, LOGNORMAL, HEAVY_TAILED, TWO_MODES].flatMap((noise) => {
    const results = ALTERNATIVES.map(({ interval }) => sizes.map((n) => coverageOf(interval, noise, n, SEED)))
    const widthUsed = (index: number) => results[0]?.[index]?.width ?? Number.NaN
    return ALTERNATIVES.map(({ title }, method) => [
      title,
      noise.title,
      ...(results[method] ?? []).map(
        ({ coverage, width }, index) => `${percent(coverage)}, ${(width / widthUsed(index)).toFixed(2)}`,
      ),
    ])
  })
  return {
    title: 'Intervals of a median that were tried: coverage, and width over that of the first',
    head: ['interval', 'noise', ...bySizes(sizes).head],
    rows,
  }
}

function stoppingTable(): Table {
  const rules: readonly (readonly [string, StoppingRule])[] = [
    ['width alone', byWidthAlone],
    ['width alone, three times running', byWidthThreeTimes],
    ['confirmed by signed ranks', hasConverged],
  ]
  return {
    title: `Stopped at ± ${percent(PRECISION)}, between 10 and 60 rounds: mean rounds, coverage, converged, p ≤ 5 %`,
    head: ['noise', 'rule', ...SCALES.map((scale) => `scale ${scale}`)],
    rows: NOISES.flatMap((noise) =>
      rules.map(([title, rule]) => [
        noise.title,
        title,
        ...SCALES.map((scale) => {
          const stopped = coverageWhenStopped(rule, { noise, scale, ratio: 1 }, PRECISION, SEED)
          const shares = [stopped.coverage, stopped.converged, stopped.different].map(percent)
          return [stopped.rounds.toFixed(0), ...shares].join(', ')
        }),
      ]),
    ),
  }
}

/** Each run has 40 cells, each round judges all: {@link SETTLING_RUNS} runs of each noise are what minutes allow. */
function settlingTable(): Table {
  const ratios = [1, 1.05, 1.3, 2, 50]
  return {
    title: `Runs that measure each cell until its answer is there, at a noise of 0.05: ${SETTLING_RUNS} runs of 40 cells`,
    head: [
      'noise',
      ...ratios.map((ratio) => `rounds at ${ratio}`),
      'false differences',
      'false "about the same"',
      'coverage',
    ],
    rows: NOISES.map((noise) => {
      const settled = settle(noise, 0.05, SETTLING_RUNS, SEED)
      return [
        noise.title,
        ...ratios.map((ratio) => (settled.rounds.get(ratio) ?? Number.NaN).toFixed(1)),
        ...[settled.falseDifference, settled.falseSame, settled.coverage].map(percent),
      ]
    }),
  }
}

function falsePositivesTable(): Table {
  const row = bySizes([6, 10, 20, 40])
  return {
    title: 'Differences and trends found at 5 % where there are none',
    head: ['test', 'noise', ...row.head],
    rows: [
      ...(['signed-rank', 'rank-sum', 'drift'] as const).flatMap((test) =>
        SYMMETRIC.map((noise) => [
          test,
          noise.title,
          ...row.of((n) => percent(falsePositives(test, noise, n, SEED))),
        ]),
      ),
      ['drift', WANDERING, ...row.of((n) => percent(trendsInWandering(n, SEED)))],
    ],
  }
}

function powerTable(): Table {
  const row = bySizes([6, 10, 20, 40])
  return {
    title: 'Differences of the detectable effect that the signed-rank test finds: 80 % are meant',
    head: ['noise', ...row.head],
    rows: SYMMETRIC.map((noise) => [
      noise.title,
      ...row.of((n) => percent(powerAtDetectableEffect(noise, n, SEED))),
    ]),
  }
}

function falseModesTable(): Table {
  const row = bySizes([10, 20, 40, 100])
  return {
    title: 'Two modes said of one',
    head: ['noise', ...row.head],
    rows: UNIMODAL.map((noise) => [noise.title, ...row.of((n) => percent(falseModes(noise, n, SEED)))]),
  }
}

function modesFoundTable(): Table {
  const row = bySizes([10, 20, 40, 100])
  return {
    title: 'Two modes seen of two, each with 5 % of noise',
    head: ['second mode', ...row.head],
    rows: [
      { factor: 1000, share: 0.3 },
      { factor: 2, share: 0.3 },
      { factor: 1.5, share: 0.2 },
    ].map(({ factor, share }) => [
      `${percent(share)} at ${factor} times`,
      ...row.of((n) => percent(modesFound(factor, share, n, SEED))),
    ]),
  }
}

function bySizes(sizes: readonly number[]): { head: string[]; of(figure: (n: number) => string): string[] } {
  return { head: sizes.map((n) => `n = ${n}`), of: (figure) => sizes.map(figure) }
}
