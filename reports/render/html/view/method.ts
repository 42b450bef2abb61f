import { formatDuration, formatShare, formatValue, plural } from '../../../format/format.ts'
import type { Injected } from '../../../../harness/contracts/options.ts'
import type { Run } from '../../../../harness/contracts/run.ts'
import { ALPHA } from '../../../../harness/statistics/detection.ts'
import type { Summary } from '../../../summary/types.ts'
import type { Fact } from './environment.ts'

/** How the run was measured, and how to repeat it. */
export interface MethodView {
  command: string
  facts: readonly Fact[]
  images: readonly { id: string; layers: string; files: string; bytes: string; manifest: string }[]
  configurations: readonly { configuration: string; title: string; summary: string; kind: string }[]
}

export function method(summary: Summary): MethodView {
  const { run } = summary
  const facts = { ...orderFacts(summary), ...layoutFacts(summary), ...statisticsFacts(summary) }
  return {
    command: run.command,
    facts: Object.entries(facts).flatMap(([name, value]) => (value === '' ? [] : [{ name, value }])),
    images: Object.entries(run.images).map(([id, image]) => ({
      id,
      layers: plural(image.layers, 'layer'),
      files: plural(image.files, 'file'),
      bytes: formatValue(image.bytes, 'bytes'),
      manifest: image.manifest,
    })),
    configurations: run.drivers.map(({ configuration, title, summary: does, emulated, role }) => ({
      configuration,
      title,
      summary: does,
      kind: kindOf(configuration, role === 'control' ? 'control' : emulated ? 'emulation' : 'driver'),
    })),
  }
}

/** By name; an empty text is not shown. */
type Facts = Readonly<Record<string, string>>

/** Facts about the time of the run, and its end. */
function orderFacts({ run, rounds, ratios }: Summary): Facts {
  const { options } = run
  return {
    Run: run.id,
    Profile: options.profile,
    Order:
      'every round visits once every cell that is still to be measured, in a fresh order drawn from the seed',
    Seed: String(options.seed),
    Rounds: `${rounds} measured; at least ${options.rounds}, at most ${options.maxRounds}; the quick profile takes 5`,
    'Stopping rule':
      `a cell is measured until half the width of its headline ratio’s interval is at most ` +
      `${formatShare(options.precision)} of it; the run ends when all are, at the most rounds, or when its budget is spent`,
    Stopped: stoppedText(run, ratios.unconverged),
    Budget: options.budgetSeconds === null ? 'none' : formatDuration(options.budgetSeconds),
    'Delay injected': injectedText(run),
    'Load on purpose': options.load === 'none' ? '' : 'a second process disturbed the disk all the while',
  }
}

/** Facts about what was measured, and where. */
function layoutFacts({ run, cells }: Summary): Facts {
  const { scratch } = run.options
  const place = { loop: 'loop files, fully allocated, in', device: 'the device' }[scratch.kind]
  return {
    'Cache state': [...new Set(cells.map(({ cell }) => cell.cache))].join(' and '),
    Scratch: `${place} ${scratch.path}, ${formatValue(scratch.size, 'bytes')} for each configuration`,
    Samples: 'each on a fresh container layer over the same committed image',
    Control:
      'a plain directory on the same file system; of a configuration with a label (#…) its equal without; ratios are ' +
      'taken between samples of the same round',
  }
}

/** Facts about the evaluation. */
function statisticsFacts({ ratios }: Summary): Facts {
  return {
    Intervals:
      'of medians between order statistics, of ratios by the exact bootstrap of the median of the log ratios: 95 %, ' +
      'or, below 6 samples, minimum to maximum with the coverage that this has',
    Differences:
      `Wilcoxon signed-rank test of the log ratios of each round, two-sided, and an interval that excludes 1; p ` +
      `adjusted by Holm over the ${plural(ratios.all, 'headline ratio')} of the run, under ${ALPHA}`,
    Tables:
      '÷ control is the median of the ratios of each round, bold where a difference is shown, with ± n % where it is ' +
      'known no better than that; sees is the smallest difference that the rounds could have shown; over the run are the ' +
      'values of successive rounds, the line is their median',
    'Fastest against slowest': 'adjusted, too, for being picked out of all pairs of configurations',
    Outliers: 'marked by their modified z-score (over 3.5), never left out',
  }
}

/** `driver, labelled again`: measured beside its equal. */
function kindOf(configuration: string, kind: string): string {
  const [, label] = configuration.split('#')
  return label === undefined ? kind : `${kind}, labelled ${label}`
}

/** Why no further round was begun. */
function stoppedText({ stopped, state, options }: Run, unconverged: number): string {
  const left = unconverged === 0 ? '' : `; ${plural(unconverged, 'ratio')} unconverged`
  switch (stopped) {
    case 'converged':
      return `every headline ratio was known to ± ${formatShare(options.precision)}`
    case 'rounds':
      return `the most rounds had been taken${left}`
    case 'budget':
      return `the budget was spent${left}`
    case 'asked':
      return `it was asked to stop${left}`
    case null:
      return state === 'running' ? 'not yet' : `it did not come to its end${left}`
  }
}

/** Empty where nothing was. */
function injectedText({ options }: Run): string {
  return Object.entries(options.injected)
    .map(([configuration, injected]) => `${configuration}: ${howInjected(injected)}`)
    .join('; ')
}

function howInjected(injected: Injected): string {
  if (typeof injected === 'number') return `each phase made ${formatShare(injected)} longer on purpose`
  const { flush, measured } = injected
  const really = measured === null ? 'not measured' : `measured ${formatValue(measured, 's')}`
  return `each flush of its scratch delayed by dm-delay on purpose: asked for ${formatValue(flush, 's')}, ${really}`
}
