/** A run of one cell and its control, written out, for tests that want to see every figure. */
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { fixtureRun } from './fixture-run.ts'

const PHASES = [
  { id: 'open', title: 'Open', unit: 's', better: 'lower' },
  { id: 'sync', title: 'Sync', unit: 's', better: 'lower' },
  {
    id: 'all',
    title: 'All of it',
    unit: 's',
    better: 'lower',
    headline: true,
    sum: ['open', 'sync', 'never'],
  },
] as const

/** A run with one scenario, whose cells are these configurations' (the first is the control of the others). */
export function smallRun(
  configurations: readonly string[],
  params: readonly Record<string, string>[] = [{}],
): Run {
  const { run } = fixtureRun({ scenarios: [] })
  const cells = configurations.flatMap((configuration) =>
    params.map((one) => cellOf(configuration, one, configurations[0] ?? '')),
  )
  return {
    ...run,
    drivers: configurations.map((configuration, index) => ({
      configuration,
      id: configuration,
      title: configuration,
      summary: '',
      cowUnit: 'none',
      emulated: false,
      role: index === 0 ? 'control' : 'driver',
    })),
    scenarios: [{ id: 'scenario', title: 'Work', question: 'How long?', phases: [...PHASES] }],
    cells,
    outcomes: Object.fromEntries(cells.map(({ id }) => [id, { state: 'completed' }])),
    warnings: [],
  }
}

function cellOf(configuration: string, params: Record<string, string>, control: string): Cell {
  const text = Object.values(params).join(',')
  return {
    id: `${configuration}|${text}`,
    configuration,
    driver: configuration,
    backing: 'ext4',
    scenario: 'scenario',
    params,
    label: text,
    subject: 'Work',
    cache: 'cold',
    phases: ['open', 'sync', 'all'],
    image: 'image',
    control: configuration === control ? null : `${control}|${text}`,
  }
}

/** A completed sample; `rest` replaces what it names. */
export function smallSample(
  cell: string,
  round: number,
  phases: Record<string, number>,
  rest: Partial<Sample> = {},
): Sample {
  return {
    cell,
    round,
    position: 0,
    at: '2026-01-31T20:15:00Z',
    state: 'completed',
    reason: null,
    phases,
    io: {},
    resources: {},
    allocated: null,
    pageCacheBytes: null,
    witness: null,
    took: 1,
    untimed: {},
    warnings: [],
    ...rest,
  }
}
