/** Nights of four cells on one host, for tests of histories. */
import type { HistoryCell, HistoryRun } from '../../harness/contracts/history.ts'
import { Noise } from './random.ts'
import { smallRun } from './small-run.ts'

const CELLS: readonly HistoryCell[] = ['bare', 'first', 'second', 'third'].map((configuration) => ({
  id: configuration,
  configuration,
  scenario: 'write',
  label: '1 MiB',
  cache: 'warm',
  phase: 'all',
  title: 'Write',
  unit: 's',
  better: 'lower',
  control: configuration === 'bare' ? null : 'bare',
}))

interface Night {
  number: number
  /** What the disk makes of every time. */
  disk: number
  noise: Noise
}

export type Changes = Partial<Omit<HistoryRun, 'points'>> & { factors?: Readonly<Record<string, number>> }

/** A night of four cells, all of one second but for 2 % of noise, and what is said. */
function night({ number, disk, noise }: Night, { factors = {}, ...rest }: Changes): HistoryRun {
  const scatter = () => noise.factor(0.02)
  const control = disk * scatter() * (factors['bare'] ?? 1)
  return {
    id: `run-${number}`,
    startedAt: new Date(Date.UTC(2026, 0, 1 + number)).toISOString(),
    state: 'completed',
    host: smallRun(['bare']).host,
    scratch: 'loop',
    disturbed: false,
    folder: `/runs/run-${number}`,
    hostName: null,
    accepted: null,
    ...rest,
    points: CELLS.map((cell) => {
      const isControl = cell.control === null
      const median = isControl ? control : disk * scatter() * (factors[cell.id] ?? 1)
      return { cell, image: 'image', n: 3, median, ratio: isControl ? null : median / control }
    }),
  }
}

/** Nights in which `changesOn` and `diskOn` say what is different. */
export function nights(
  count: number,
  changesOn: (number: number) => Changes,
  diskOn = (_: number) => 1,
): HistoryRun[] {
  const noise = new Noise(7)
  return Array.from({ length: count }, (_, number) =>
    night({ number, disk: diskOn(number), noise }, changesOn(number)),
  )
}

/** Returns the changes from a night on. */
export const from = (first: number, changes: Changes) => (number: number) => (number >= first ? changes : {})
