/** The tables of few rounds judged together. */
import { coverageOfModel, falseAlarms, type FewRounds, found, isDifferent, isSame } from './few-rounds.ts'
import { NOISES, type Noise } from './noise.ts'
import { percent, type Table } from './table.ts'

const SEED = 1

/** Rounds and comparisons. */
const SIZES = [
  [3, 20],
  [3, 40],
  [3, 200],
  [4, 20],
  [4, 200],
  [5, 20],
  [5, 200],
] as const

export const FEW_ROUNDS_TABLES: readonly (() => Table)[] = [
  falseAlarmsTable,
  foundTable,
  sameTable,
  coverageTable,
]

function falseAlarmsTable(): Table {
  const cases = [
    ['all equal', 1],
    ['half differ fivefold', 5],
  ] as const
  return {
    title: 'Runs in which the moderated test calls equals different, at 5 % for the run',
    head: ['noise', 'true ratios', ...SIZES.map(sizeOf)],
    rows: NOISES.flatMap((noise) =>
      cases.map(([title, ratio]) => [
        noise.title,
        title,
        ...bySize(noise, (run) => falseAlarms({ ...run, ratio }, isDifferent, (log) => log === 0, SEED)),
      ]),
    ),
  }
}

function foundTable(): Table {
  return {
    title: 'Differences that the moderated test finds, of half of the comparisons',
    head: ['noise', 'true ratios', ...SIZES.map(sizeOf)],
    rows: NOISES.flatMap((noise) =>
      [2, 5, 50].map((ratio) => [
        noise.title,
        `${ratio}`,
        ...bySize(noise, (run) => found({ ...run, ratio }, isDifferent, (log) => log !== 0, SEED)),
      ]),
    ),
  }
}

function sameTable(): Table {
  const scale = 0.02
  return {
    title:
      'About the same to within 10 %, noise of 2 %: runs that claim it of any ratio of 1.1 (5 % are meant), and equals shown',
    head: ['noise', 'figure', ...SIZES.map(sizeOf)],
    rows: NOISES.flatMap((noise) => [
      [
        noise.title,
        'claimed of 1.1',
        ...bySize(noise, (run) =>
          falseAlarms({ ...run, scale, ratio: 1.1 }, isSame, (log) => log !== 0, SEED),
        ),
      ],
      [
        noise.title,
        'shown of equals',
        ...bySize(noise, (run) => found({ ...run, scale, ratio: 1 }, isSame, () => true, SEED)),
      ],
    ]),
  }
}

function coverageTable(): Table {
  return {
    title: 'Coverage of 95 % intervals of the ratio from the moderated model',
    head: ['noise', ...SIZES.map(sizeOf)],
    rows: NOISES.map((noise) => [
      noise.title,
      ...bySize(noise, (run) => coverageOfModel({ ...run, ratio: 1 }, SEED)),
    ]),
  }
}

function sizeOf([rounds, comparisons]: (typeof SIZES)[number]): string {
  return `${rounds} rounds of ${comparisons}`
}

function bySize(noise: Noise, figure: (run: Omit<FewRounds, 'ratio'>) => number): string[] {
  return SIZES.map(([rounds, comparisons]) => percent(figure({ noise, rounds, comparisons })))
}
