/** Why a configuration costs what it costs: its mechanism, the bytes that it wrote, and the flushes that it waited for. */
import { formatMechanism, formatValue } from '../format/format.ts'
import { headlineLedger } from '../format/ledger.ts'
import type { MatrixCell } from './matrix.ts'

/** A sum is explained by the part of it that makes up at least half. */
const MOST_OF_A_SUM = 0.5

/** Writing this many times the best one's bytes explains a cost. */
const TIMES_BYTES = 4

/** As many flushes for each object changed, and as many times the best one's, explain a cost: a sync for each. */
const FLUSHES_EACH = 0.5
const TIMES_FLUSHES = 4

const MECHANISMS: Readonly<Record<string, string>> = {
  'copied-up': 'copies whole files',
  cloned: 'clones whole files',
  'metadata-only': 'copies metadata',
  'block-cow': 'copies blocks',
  'moved-by-copy': 'cannot rename directories of the image (EXDEV), so copies and removes them',
}

/**
 * `copies whole files: 256 MiB written for 1 B changed`, `1.85 flushes per entry, the best 0.0033`, `mostly in prepare`; empty
 * where nothing explains it.
 */
export function whyOf(cell: MatrixCell, best: MatrixCell | undefined): string {
  if (cell.isElsewhere) return `paid in ${cell.phase?.phase.id ?? ''}`
  if (cell.median === 0) return zeroWords(cell)
  const known = (words: string) => words !== ''
  const counted = [bytesWords(cell, best), flushWords(cell, best)].filter(known).join(', ')
  const told = [mechanismWords(cell, best), counted].filter(known)
  if (told.length > 0) return told.join(': ')
  const part = dominantPart(cell)
  return part === null ? '' : `mostly in ${part}`
}

/** Says what a median of 0 means. */
export function zeroWords({ phase }: MatrixCell): string {
  return phase?.phase.better === 'higher' ? 'stopped' : 'too short to be measured'
}

/** Returns the id of the phase that makes up most of a headline that is a sum; null where none does. */
function dominantPart({ cell: { headline, phases } }: MatrixCell): string | null {
  const whole = headline?.value?.median ?? 0
  const parts = phases.filter(({ phase }) => headline?.phase.sum?.includes(phase.id))
  if (parts.length < 2) return null
  const most = parts.find(({ value }) => (value?.median ?? 0) >= whole * MOST_OF_A_SUM)
  return most?.phase.id ?? null
}

/** A mechanism that the best has too explains no difference from it. */
function mechanismWords({ cell }: MatrixCell, best: MatrixCell | undefined): string {
  const { mechanism } = cell
  if (mechanism === null || mechanism === 'none' || mechanism === best?.cell.mechanism) return ''
  return MECHANISMS[mechanism] ?? formatMechanism(mechanism)
}

/** Says how much it wrote for what was changed; empty where that is not far more, also than `best` wrote. */
export function bytesWords({ cell: { counters } }: MatrixCell, best: MatrixCell | undefined): string {
  const written = counters.bytesWritten?.median ?? 0
  const changed = counters.bytesChanged?.median ?? 0
  if (changed === 0 || written < TIMES_BYTES * Math.max(changed, bytesOf(best))) return ''
  return `${formatValue(written, 'bytes')} written for ${formatValue(changed, 'bytes')} changed`
}

/** Bytes written; 0 where they are not known. */
export function bytesOf(cell: MatrixCell | undefined): number {
  return cell?.cell.counters.bytesWritten?.median ?? 0
}

/** Counts of the samples have to lie apart: a flush more or less may be by chance. */
function flushWords({ cell }: MatrixCell, best: MatrixCell | undefined): string {
  const own = headlineLedger(cell)
  const bests = best === undefined ? null : headlineLedger(best.cell)
  const [flushes, fewest] = [own?.entries.flushes, bests?.entries.flushes]
  if (own === null || bests === null || flushes == null || fewest == null) return ''
  if (flushes.least < Math.max(FLUSHES_EACH, TIMES_FLUSHES * fewest.most)) return ''
  const [count, fewer] = [flushes, fewest].map(({ median }) => formatValue(median, 'count'))
  return `${count} flushes per ${own.ledger.word}, the best ${fewer}`
}
