import type { Row } from '../../harness/contracts/row.ts'
import type { FleetSummary } from './types.ts'

/** Returns the rows of every host under its name. */
export function fleetRows({ measured }: FleetSummary): Row[] {
  return measured.flatMap(({ name, summary: { rows } }) => rows.map((row) => ({ ...row, host: name })))
}
