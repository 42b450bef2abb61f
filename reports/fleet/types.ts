/** A fleet's hosts side by side. Nothing is pooled over hosts. */
import type { Fleet, FleetHost } from '../../harness/contracts/fleet.ts'
import type { DriverInfo } from '../../harness/contracts/run.ts'
import type { Difference } from '../compare/fingerprints.ts'
import type { CellSummary, Summary } from '../summary/types.ts'

/** A host with what it measured. */
export interface MeasuredHost {
  name: string
  summary: Summary
}

/** One cell on every host that has it. */
export interface FleetRow {
  driver: DriverInfo
  /** Cells in the order of the measured hosts; null if a host does not have the cell. */
  cells: readonly (CellSummary | null)[]
}

/** Cells that can be compared on each host: one scenario, one set of parameters, one cache state. */
export interface FleetGroup {
  scenario: string
  /** `256 MiB`, `256 MiB, cold cache`. */
  title: string
  /** Title of the headline. */
  phase: string
  rows: readonly FleetRow[]
}

export interface FleetSummary {
  fleet: Fleet
  /** Hosts that have a run, in the order of `fleet.json`. */
  measured: readonly MeasuredHost[]
  /** All, with or without a run. */
  hosts: readonly FleetHost[]
  /** Differences between the measured hosts. */
  differences: readonly Difference[]
  groups: readonly FleetGroup[]
  /** How many samples the measured hosts took, in whatever state they ended. */
  samples: number
}
