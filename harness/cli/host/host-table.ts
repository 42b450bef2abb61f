import type { FleetHost } from '../../contracts/fleet.ts'
import { plainTable } from '../../terminal/text-table.ts'

/** A line a host: its name, what became of it, how many samples are here, and why there are not more. Ends with a newline. */
export function hostTable(hosts: readonly FleetHost[], samplesOf: (name: string) => number): string {
  const rows = hosts.map(({ name, state, reason, hint }) => {
    const why = [reason, hint].filter((text) => text !== null).join(': ')
    return [name, state, String(samplesOf(name)), why]
  })
  return `${plainTable(['host', 'state', 'samples', 'reason'], rows)}\n`
}
