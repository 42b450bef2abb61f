import type { Unit } from '../../../../harness/contracts/phase.ts'
import { formatRatio, formatValue, NOTHING } from '../../../format/format.ts'
import type { CounterId } from '../../../summary/counters.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import { type DataCell, dataCell } from './data-cell.ts'
import type { Styles } from './palette.ts'
import { tableView, type TableView } from './table.ts'

interface CounterColumn {
  id: CounterId
  title: string
  sub: string
  unit: Unit
  /** The same for each byte that the workload changed, on a line below. */
  perByte?: CounterId
}

const COUNTERS: readonly CounterColumn[] = [
  {
    id: 'bytesWritten',
    title: 'Written',
    sub: 'per byte changed',
    unit: 'bytes',
    perByte: 'writeAmplification',
  },
  { id: 'writes', title: 'Writes', sub: 'requests', unit: 'count' },
  { id: 'flushes', title: 'Flushes', sub: '', unit: 'count' },
  { id: 'bytesRead', title: 'Read', sub: '', unit: 'bytes' },
  { id: 'reads', title: 'Reads', sub: 'requests', unit: 'count' },
  {
    id: 'bytesAllocated',
    title: 'Space',
    sub: 'per byte changed',
    unit: 'bytes',
    perByte: 'spaceAmplification',
  },
  { id: 'processorSeconds', title: 'CPU', sub: 'user and system', unit: 's' },
  { id: 'kernelSeconds', title: 'CPU', sub: 'kernel threads', unit: 's' },
  { id: 'contextSwitches', title: 'Switches', sub: 'of context', unit: 'count' },
  { id: 'ioPressure', title: 'Waited', sub: 'for I/O', unit: 's' },
  { id: 'stealSeconds', title: 'Stolen', sub: 'by others', unit: 's' },
]

const NOTE =
  'Medians over the samples, each counted from rest before prepare to rest after the work (of a control, from rest ' +
  'after its untimed copy). Exact: every sample had this very number. Requests and flushes are those of the scratch ' +
  'device; kernel threads, waiting for I/O and stolen time are those of the whole host.'

/** Returns the table of what the work used of device and host, by configuration. Null where nothing was counted. */
export function countersTable(panel: Panel, styles: Styles): TableView | null {
  const counted = COUNTERS.filter(({ id }) => panel.cells.some(({ counters }) => counters[id] !== null))
  if (counted.length === 0) return null
  const columns = counted.map((column) => ({
    title: column.title,
    sub: column.sub,
    cell: ({ counters }: CellSummary) => counterCell(column, counters),
  }))
  return tableView(panel, { name: 'counters', caption: 'counters', note: NOTE }, columns, styles)
}

function counterCell({ id, unit, perByte }: CounterColumn, counters: CellSummary['counters']): DataCell {
  const counter = counters[id]
  if (counter === null) return dataCell(NOTHING)
  const ratio = perByte === undefined ? null : counters[perByte]
  return dataCell(formatValue(counter.median, unit), {
    subs: [...(ratio === null ? [] : [formatRatio(ratio.median)]), ...(counter.exact ? ['exact'] : [])],
  })
}
