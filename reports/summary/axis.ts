import { parseSize } from '../../harness/contracts/units.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import { groupBy } from './group-by.ts'
import type { Axis, AxisValue, CellSummary } from './types.ts'

/** Two sizes make a line that says whether the cost grows; two counts are read more easily in a table. */
const ENOUGH_VALUES: Readonly<Record<Axis['kind'], number>> = { size: 2, count: 3, share: 2 }

export interface AxisKey {
  name: string
  kind: Axis['kind']
}

/**
 * Everything that must be equal for two cells to be compared, but for the parameters left out. Not all phases: a
 * control has nothing to prepare.
 */
export function comparisonKey({ cell, headline }: CellSummary, leftOut: readonly string[]): string {
  const fixed = Object.entries(cell.params).map(([name, text]) => [
    name,
    leftOut.includes(name) ? stemOf(text) : text,
  ])
  return JSON.stringify([
    cell.cache,
    headline?.phase.id,
    fixed.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  ])
}

/** Parameters whose values are all sizes, all whole numbers, or shares beside other words, sizes first. */
export function numericKeys(cells: readonly CellSummary[]): AxisKey[] {
  const names = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell.params)))]
  const keys = names.flatMap((name) => {
    const kind = kindOf(valuesOf(cells, name))
    return kind === null ? [] : [{ name, kind }]
  })
  return keys.sort((a, b) => Number(b.kind === 'size') - Number(a.kind === 'size'))
}

/** The first of `keys` along which some cells, otherwise equal, take enough values; null where none does. */
export function findAxisKey(cells: readonly CellSummary[], keys: readonly AxisKey[]): AxisKey | null {
  const isLongEnough = ({ name, kind }: AxisKey) =>
    [...groupBy(cells, (cell) => comparisonKey(cell, [name])).values()].some(
      (group) => valuesOf(group, name).length >= ENOUGH_VALUES[kind],
    )
  return keys.find(isLongEnough) ?? null
}

/** The values of `key`, ascending; null where there is only one. */
export function axisOf(cells: readonly CellSummary[], key: AxisKey): Axis | null {
  const texts = valuesOf(cells, key.name)
  if (texts.length < 2) return null
  const values = texts.map((text) => ({ text, value: valueOf(text, key.kind) }))
  return { key: key.name, kind: key.kind, values: values.sort((a, b) => a.value - b.value) }
}

/** The axis position of a cell; null where there is no axis. */
export function positionOf(cell: Cell, axis: Axis | null): AxisValue | null {
  return axis?.values.find(({ text }) => text === cell.params[axis.key]) ?? null
}

function valuesOf(cells: readonly CellSummary[], name: string): string[] {
  return [...new Set(cells.flatMap(({ cell }) => cell.params[name] ?? []))]
}

/** A number is a size when at least one of its kin is written with a unit: 512, 1M, 16M. */
function kindOf(texts: readonly string[]): Axis['kind'] | null {
  if (texts.every((text) => /^[1-9]\d*$/.test(text))) return 'count'
  if (texts.some((text) => shareOf(text) !== null) && texts.every(isShareOrWord)) return 'share'
  const positive = texts.every((text) => (parseSize(text) ?? 0) > 0)
  return positive ? 'size' : null
}

/** A share, alone or after the word that says of what: `0.1`, `fraction:0.01`. */
const SHARE = /^(?:(?<word>[a-z-]+):)?(?<share>0?\.\d+|1)$/
/** A value that is no number at all. */
const WORD = /^[a-z][a-z-]*$/

function shareOf(text: string): number | null {
  const found = SHARE.exec(text)?.groups
  // A bare 1 is a count.
  if (found === undefined || (found['word'] === undefined && found['share'] === '1')) return null
  return Number(found['share'])
}

function isShareOrWord(text: string): boolean {
  return SHARE.test(text) || WORD.test(text)
}

/** Returns what stays of a value of an axis when its number is left out: `fraction` of `fraction:0.01`. */
export function stemOf(text: string): string {
  if (shareOf(text) !== null) return SHARE.exec(text)?.groups?.['word'] ?? ''
  return WORD.test(text) ? text : ''
}

function valueOf(text: string, kind: Axis['kind']): number {
  if (kind === 'share') return Number(SHARE.exec(text)?.groups?.['share'] ?? 0)
  return parseSize(text) ?? 0
}
