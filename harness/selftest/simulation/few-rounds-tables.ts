/** The tables of few rounds judged together. */
import {
  claimedOnTheWay,
  coverageOfModel,
  falseAlarms,
  type FewRounds,
  found,
  isDifferent,
  isSame,
} from './few-rounds.ts'
import { NOISES, NORMAL, TWO_MODES } from './noise.ts'
import { percent, type Table } from './table.ts'

const SEED = 1

/** Rounds and comparisons. */
const SIZES = [
  [3, 20],
  [3, 40],
  [3, 200],
  [4, 40],
  [5, 20],
] as const

export const FEW_ROUNDS_TABLES: readonly (() => Table)[] = [
  falseAlarmsTable,
  onTheWayTable,
  foundTable,
  sameTable,
  coverageTable,
]

function falseAlarmsTable(): Table {
  const rowOf = (title: string, run: Pick<FewRounds, 'noise' | 'others'>) => [
    title,
    ...bySize((size) => falseAlarms({ ...run, ...size, ratio: 1 }, isDifferent, () => true, SEED)),
  ]
  return {
    title: 'Runs in which the moderated test calls equals different, at 5 % for the run',
    head: ['noise', ...SIZES.map(sizeOf)],
    rows: [
      ...NOISES.map((noise) => rowOf(noise.title, { noise })),
      rowOf('normal; of one in four comparisons 30 % in a second mode', { noise: TWO_MODES, others: NORMAL }),
    ],
  }
}

/** Each claim is kept, as if the comparison were then left alone. */
function onTheWayTable(): Table {
  const rounds = [3, 5, 10]
  return {
    title:
      'Runs of 40 comparisons of equals in which one is called different after any round from the third on',
    head: ['noise', ...rounds.map((count) => `to ${count}`)],
    rows: NOISES.map((noise) => [
      noise.title,
      ...rounds.map((count) => percent(claimedOnTheWay({ noise, rounds: count, comparisons: 40 }, SEED))),
    ]),
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
        ...bySize((run) => found({ ...run, noise, ratio }, isDifferent, (log) => log !== 0, SEED)),
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
        ...bySize((run) =>
          falseAlarms({ ...run, noise, scale, ratio: 1.1 }, isSame, (log) => log !== 0, SEED),
        ),
      ],
      [
        noise.title,
        'shown of equals',
        ...bySize((run) => found({ ...run, noise, scale, ratio: 1 }, isSame, () => true, SEED)),
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
      ...bySize((run) => coverageOfModel({ ...run, noise, ratio: 1 }, SEED)),
    ]),
  }
}

function sizeOf([rounds, comparisons]: (typeof SIZES)[number]): string {
  return `${rounds} rounds of ${comparisons}`
}

function bySize(figure: (run: Pick<FewRounds, 'rounds' | 'comparisons'>) => number): string[] {
  return SIZES.map(([rounds, comparisons]) => percent(figure({ rounds, comparisons })))
}
