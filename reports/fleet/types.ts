/** What the hosts of a fleet say, side by side. Nothing is pooled over hosts. */
import type { Fleet, FleetHost } from '../../harness/contracts/fleet.ts'
import type { DriverInfo, Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { Difference } from '../compare/fingerprints.ts'
import type { CellSummary, Summary } from '../summary/types.ts'

/** A run that came home, whole or in part. */
export interface HostRun {
  /** As in `fleet.json`. */
  name: string
  run: Run
  samples: Iterable<Sample>
}

/** A host with what it measured. */
export interface MeasuredHost {
  name: string
  summary: Summary
}

/** One cell on every host that has it. */
export interface FleetRow {
  driver: DriverInfo
  /** In the order of the measured hosts; null where a host does not have the cell. */
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
  /** Those that have a run, in the order of `fleet.json`. */
  measured: readonly MeasuredHost[]
  /** All, with or without a run. */
  hosts: readonly FleetHost[]
  /** Of the measured hosts. */
  differences: readonly Difference[]
  groups: readonly FleetGroup[]
}
