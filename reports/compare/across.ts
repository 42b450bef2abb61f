/** Differences between two runs that were declared, and those that were not. */
import type { Crossing } from '../../harness/contracts/compare.ts'
import { isDeclared } from '../../harness/contracts/fingerprint-facts.ts'
import { differingImagesOf, type Run } from '../../harness/contracts/run.ts'
import { joinList, NOTHING } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import { isEmulated } from '../format/host-line.ts'
import { type Difference, differenceSentences } from './fingerprints.ts'
import { type CellPair, isCrossing } from './pairs.ts'

export interface Crossings {
  across: readonly Crossing[]
  /** Declared differences in which the runs are equal. */
  equal: readonly string[]
  /** Why the runs cannot be compared, a sentence each; empty where they can. */
  reasons: readonly string[]
  judgedBy: 'figures' | 'ratios'
}

/**
 * Returns what differs between two runs beside their cells: what was declared is judged; whatever else differs stops the
 * comparison.
 */
export function crossingsOf(
  baseline: Run,
  candidate: Run,
  pairs: readonly CellPair[],
  differences: readonly Difference[],
  declared: readonly string[],
): Crossings {
  const compared = differences.filter(({ part }) => part !== null)
  const isAllowed = (difference: Difference) => isDeclared(difference, declared)
  const across = [
    ...hostCrossings(compared.filter(isAllowed)),
    ...scratchCrossing(baseline, candidate, declared),
    ...configurationCrossings(pairs, declared),
  ]
  const found = new Set(across.map(({ part }) => part))
  const others = compared.filter((difference) => !isAllowed(difference))
  return {
    across,
    equal: declared.filter((part) => !found.has(part) && !(part === 'tools' && hasTool(found))),
    reasons: [
      ...(declared.length === 0 ? differenceSentences(others) : undeclaredLines(others, declared)),
      ...imageReasons(baseline, candidate, pairs),
      ...scratchReasons(baseline, candidate, declared),
    ],
    judgedBy: needsRatios(baseline, candidate, found) ? 'ratios' : 'figures',
  }
}

/** Parts of which figures of two runs cannot be compared: they are of other hardware. */
const HARDWARE: readonly string[] = ['cpu', 'disk', 'machine']

function needsRatios(baseline: Run, candidate: Run, found: ReadonlySet<string>): boolean {
  if (found.size === 0) return false
  return (
    HARDWARE.some((part) => found.has(part)) || [baseline, candidate].some(({ host }) => isEmulated(host))
  )
}

function hasTool(found: ReadonlySet<string>): boolean {
  return [...found].some((part) => part.startsWith('tool:'))
}

/** One for each part, and for each tool. */
function hostCrossings(differences: readonly Difference[]): Crossing[] {
  return [...groupBy(differences, partOf)].map(([part, of]) => ({
    part,
    baseline: sideOf(of, 0),
    candidate: sideOf(of, 1),
  }))
}

/** Returns the word that declares a difference. */
function partOf({ part, name }: Difference): string {
  return part === 'tools' ? `tool:${name}` : (part ?? '')
}

/** Two kernels may differ in dozens of options. */
const MOST_VALUES = 4

/** `6.1.0`; of several facts each with its name: `HZ 250, PREEMPT y and 30 more`. */
function sideOf(differences: readonly Difference[], side: number): string {
  const named = differences.map(({ name, part, values }) => {
    const value = values[side] === NOTHING ? 'not known' : (values[side] ?? '')
    return differences.length === 1 && part !== 'kernel-config' ? value : `${name} ${value}`
  })
  const more = named.length - MOST_VALUES
  return joinList(more <= 1 ? named : [...named.slice(0, MOST_VALUES), `${more} more`])
}

/** `kernel-config differs, too: HZ 250 in the baseline, HZ 1000 in the candidate (--across kernel,kernel-config judges it).` */
function undeclaredLines(differences: readonly Difference[], declared: readonly string[]): string[] {
  return hostCrossings(differences).map(
    ({ part, baseline, candidate }) =>
      `${part} differs, too: ${baseline} in the baseline, ${candidate} in the candidate ` +
      `(declare it: --across ${[...declared, part].join(',')}).`,
  )
}

function configurationCrossings(pairs: readonly CellPair[], declared: readonly string[]): Crossing[] {
  const words = declared.filter((word) => /^(option|label):/.test(word))
  const [first, ...others] = [
    ...new Set(
      pairs
        .filter(isCrossing)
        .map(({ baseline, candidate }) => `${baseline.configuration}\n${candidate.configuration}`),
    ),
  ]
  if (first === undefined) return []
  const [baseline = '', candidate = ''] = first.split('\n')
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return words.map((part) => ({ part, baseline: `${baseline}${more}`, candidate: `${candidate}${more}` }))
}

/** A loop file and a device are different disks. */
function scratchCrossing(baseline: Run, candidate: Run, declared: readonly string[]): Crossing[] {
  const [one, other] = [baseline.options.scratch.kind, candidate.options.scratch.kind]
  return one === other || !declared.includes('disk')
    ? []
    : [{ part: 'disk', baseline: `scratch: ${one}`, candidate: `scratch: ${other}` }]
}

function scratchReasons(baseline: Run, candidate: Run, declared: readonly string[]): string[] {
  const [one, other] = [baseline.options.scratch.kind, candidate.options.scratch.kind]
  return one === other || declared.includes('disk')
    ? []
    : [`Different kinds of scratch: ${one} and ${other}.`]
}

/** Images named in a sentence at most. */
const MOST_IMAGES = 3

function imageReasons(baseline: Run, candidate: Run, pairs: readonly CellPair[]): string[] {
  const images = differingImagesOf(pairs, baseline.images, candidate.images)
  if (images.length === 0) return []
  const rest = images.length - MOST_IMAGES
  const named = rest > 0 ? [...images.slice(0, MOST_IMAGES), `${rest} more`] : images
  const [one, other] = [baseline.options.seed, candidate.options.seed]
  const why = one === other ? '' : `, whose seeds are ${one} and ${other}`
  return [`Different bytes in the image ${joinList(named)}${why}.`]
}
