/** The ledger of syncs as people read it. */
import type { Ledger, LedgerEntries, LedgerId, PerObject } from '../summary/ledger.ts'
import type { CellSummary } from '../summary/types.ts'
import { formatInterval, formatValue, NOTHING } from './format.ts'

/** Entries in the order of columns. */
export const LEDGER_COLUMNS: readonly { id: LedgerId; title: string; unit: 'count' | 'bytes' }[] = [
  { id: 'flushes', title: 'flushes', unit: 'count' },
  { id: 'fuaWrites', title: 'FUA writes', unit: 'count' },
  { id: 'bytesWritten', title: 'written', unit: 'bytes' },
  { id: 'requests', title: 'requests', unit: 'count' },
]

/** What the headline wrote for each object; where its counters were not read, as around fio, what the whole sample did. */
export interface HeadlineLedger {
  ledger: Ledger
  entries: LedgerEntries
  /** Title of the headline; `whole sample`. */
  title: string
}

/** Null for work that changes nothing, and in older runs. */
export function headlineLedger({ ledger, headline }: CellSummary): HeadlineLedger | null {
  if (ledger === null) return null
  const own = headline?.ledger ?? null
  if (own === null || headline === null) return { ledger, entries: ledger.inAll, title: 'whole sample' }
  return { ledger, entries: own, title: headline.phase.title }
}

/** `exact`, or the least and the greatest: `1.08 – 1.12`; `to 3 digits` where those look alike; empty of a single sample. */
export function agreementText(entry: PerObject | null, unit: 'count' | 'bytes'): string {
  if (entry === null || entry.n < 2) return ''
  if (entry.exact) return 'exact'
  const isAlike = formatValue(entry.least, unit) === formatValue(entry.most, unit)
  return isAlike ? 'to 3 digits' : formatInterval(entry.least, entry.most, entry.median, unit)
}

/** `2 exact`, `1.1 (1.08 – 1.12)`, `1.75 (to 3 digits)`. */
export function formatPerObject(entry: PerObject | null, unit: 'count' | 'bytes'): string {
  const agreement = agreementText(entry, unit)
  const value = formatValue(entry?.median ?? null, unit)
  if (agreement === '') return value
  return agreement === 'exact' ? `${value} exact` : `${value} (${agreement})`
}

/** The calls in which the device was flushed, with flushes for each object: `open 1, fsync 0.5`; `none` where in none. */
export function paidText({ phases, ledger }: CellSummary): string {
  if (ledger?.inAll.flushes == null) return NOTHING
  const paid = phases.flatMap(({ phase, ledger: own }) => {
    const flushes = phase.sum === undefined ? (own?.flushes?.median ?? 0) : 0
    return flushes === 0 ? [] : [`${phase.id} ${formatValue(flushes, 'count')}`]
  })
  return paid.join(', ') || 'none'
}

/** Why entries are missing, each reason once: `flushes: Linux counts no flushes of a partition (/dev/sda1)`. */
export function uncountedTexts(cells: readonly CellSummary[]): string[] {
  const reasons = cells.flatMap(({ ledger }) =>
    LEDGER_COLUMNS.flatMap(({ id, title }) => {
      const reason = ledger?.uncounted[id]
      return reason === undefined ? [] : [`${title} are not counted: ${reason}`]
    }),
  )
  return [...new Set(reasons)]
}
