import type { Condition } from '../../../harness/contracts/snapshotter.ts'
import type { Warning } from '../../../harness/contracts/warning.ts'
import type { MountRow } from '../../../harness/linux/mountinfo.ts'
import {
  OVERLAY_PARAMETERS,
  overlayDifferences,
  overlayOptionsOf,
  type OverlayDifference,
} from '../overlay-parameters.ts'

/** An engine's configuration, as far as its overlay mounts go. */
export interface OverlayAsked {
  /** In notation, for messages. */
  text: string
  /** Options that it sets and that are off by default, with the values that the mount table shows. */
  asked?: Readonly<Record<string, string>>
}

/**
 * Returns for the witness how an engine's overlay is mounted, with the defaults that the mount table leaves out. A warning for
 * what its configuration does not say: `engine.…`, which the answer begins with.
 */
export function overlayCondition(
  row: Pick<MountRow, 'type' | 'superOptions'>,
  { text, asked = {} }: OverlayAsked,
  folder = OVERLAY_PARAMETERS,
): Condition {
  const details = { mounted: `${row.type} ${shown(row, folder)}` }
  return withWarnings({ details }, warningsOf(text, overlayDifferences(row.superOptions, asked, folder)))
}

/** Returns the options that say how it stacks, without the directories. */
function shown({ superOptions }: Pick<MountRow, 'superOptions'>, folder: string): string {
  const own = superOptions.split(',').filter((option) => !/^(?:upper|lower|work)dir\+?=/.test(option))
  const all = overlayOptionsOf(superOptions, folder)
  const said = new Set(own.map((option) => option.split('=')[0]))
  const silent = Object.entries(all).filter(([name]) => !said.has(name))
  return [...own, ...silent.map(([name, value]) => `${name}=${value}`)].join(',')
}

/**
 * Returns the warning of an engine that compares whole trees for a commit and a build, since it does not trust what the kernel keeps in an upper
 * directory. `nativeDiff`: what it answers to `Native Overlay Diff`; undefined where it says nothing.
 */
export function naiveDiff(text: string, nativeDiff: string | undefined): readonly Warning[] {
  if (nativeDiff !== 'false') return []
  const message = `${text} compares the whole trees of container and image for each commit and build: Native Overlay Diff is false, and the driver without the engine reads the container's own directory`
  return [{ code: 'engine.naive-diff', message }]
}

/** Adds warnings to a condition. */
export function withWarnings(condition: Condition, more: readonly Warning[]): Condition {
  return more.length === 0 ? condition : { ...condition, warnings: [...(condition.warnings ?? []), ...more] }
}

const WARNINGS: Readonly<Record<OverlayDifference['by'], (text: string, options: string) => Warning>> = {
  kernel: (text, options) => ({
    code: 'engine.kernel-default',
    message: `${text} is mounted with ${options}: a parameter of the kernel's overlay module sets it, and the engine does not ask for anything else`,
  }),
  mount: (text, options) => ({
    code: 'engine.mount-option',
    message: `${text} is mounted with ${options}: the engine sets it by itself, and the driver without the engine does not`,
  }),
  nobody: (text, options) => ({
    code: 'engine.option-ignored',
    message: `${text} is mounted without ${options}: its configuration sets it, and the engine left it out`,
  }),
}

function warningsOf(text: string, differences: readonly OverlayDifference[]) {
  return (['nobody', 'mount', 'kernel'] as const).flatMap((by) => {
    const options = differences.filter((one) => one.by === by).map(({ option }) => option)
    return options.length === 0 ? [] : [WARNINGS[by](text, options.join(' and '))]
  })
}
