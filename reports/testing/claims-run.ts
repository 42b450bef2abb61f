/** A run of cells that claims look for, written out: what each sample counted is given by the test. */
import type { Cell, Outcome } from '../../harness/contracts/cell.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { smallRun, smallSample } from './small-run.ts'

export interface ClaimedCell {
  configuration: string
  scenario: string
  params: Record<string, string>
  /** What a round's sample says. Absent: the cell is there and could not run. */
  sample?: (round: number) => Partial<Sample>
  outcome?: Outcome
  /** Layers of its image. Default: 1. */
  layers?: number
}

/** Bytes of the image of every cell. */
export const IMAGE_BYTES = 70 * 1024 ** 2

const UNSUPPORTED: Outcome = {
  state: 'unsupported',
  code: 'kernel.no-filesystem',
  reason: 'this kernel has no such thing',
  hint: 'boot another',
}

export function claimsRun(given: readonly ClaimedCell[], rounds = 4): { run: Run; samples: Sample[] } {
  const { cells: _, ...base } = smallRun([])
  const phases = new Map<string, Set<string>>()
  const cells: Cell[] = []
  const samples: Sample[] = []
  const run: Run = { ...base, scenarios: [], cells, outcomes: {}, images: {}, drivers: [] }
  for (const { configuration, scenario, params, sample, outcome, layers = 1 } of given) {
    const id = [configuration, scenario, ...Object.values(params)].join(' ')
    const own = Array.from({ length: sample === undefined ? 0 : rounds }, (__, round) => {
      const rest = sample?.(round) ?? {}
      return smallSample(id, round, rest.phases ?? {}, rest)
    })
    const names = Object.keys(own[0]?.phases ?? {})
    const known = phases.get(scenario) ?? new Set()
    for (const name of names) known.add(name)
    phases.set(scenario, known)
    cells.push({
      id,
      configuration,
      driver: configuration.split('@')[0] ?? '',
      backing: 'ext4',
      scenario,
      params,
      label: id,
      subject: id,
      cache: 'warm',
      phases: names,
      image: id,
      control: null,
    })
    samples.push(...own)
    run.outcomes[id] = outcome ?? (sample === undefined ? UNSUPPORTED : { state: 'completed' })
    run.images[id] = { layers, files: 1, bytes: IMAGE_BYTES, manifest: '' }
  }
  run.scenarios = [...phases].map(([id, names]) => ({
    id,
    title: id,
    question: '',
    phases: [...names].map((name) =>
      name.endsWith('iops')
        ? ({ id: name, title: name, unit: 'iops', better: 'higher' } as const)
        : ({ id: name, title: name, unit: 's', better: 'lower' } as const),
    ),
  }))
  return { run, samples }
}
