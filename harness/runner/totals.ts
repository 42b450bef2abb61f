/** Counters over a whole trial: device, space and host, from rest to rest. */
import type { IoCounters, Resources, Sample } from '../contracts/sample.ts'
import type { Warning } from '../contracts/warning.ts'
import type { Snapshotter, Usage } from '../contracts/snapshotter.ts'
import { difference, type DeviceCounters } from '../measurement/counters.ts'
import { waitUntilQuiet } from '../measurement/quiet.ts'
import { resourceDifference, type ResourceReader } from '../measurement/resources.ts'

/** The counters of a store and of the host, kept open. */
export interface Meters {
  counters: DeviceCounters
  resources: ResourceReader
}

/** All that only grows, at one moment. */
export interface Totals {
  io: IoCounters
  allocated: Usage
  resources: Resources
}

/** Settles the store and waits until its devices are quiet. Returns a warning where they are not. */
export async function quiesce(snapshotter: Snapshotter, { counters }: Meters): Promise<Warning | null> {
  await snapshotter.settle()
  if (snapshotter.store.devices.length === 0 || (await waitUntilQuiet(counters))) return null
  return {
    code: 'device.not-quiet',
    message:
      'the store was settled, and its device went on working: what it did may be counted to this sample',
  }
}

export async function readTotals(snapshotter: Snapshotter, { counters, resources }: Meters): Promise<Totals> {
  const allocated = await snapshotter.allocated()
  const kernelSeconds = resources.kernelSeconds()
  return {
    allocated,
    io: counters.read(),
    resources: { ...resources.ofHost(), ...resources.ofProcess(), kernelSeconds },
  }
}

/** Returns the sample's figures for the time between two readings. */
export function between(
  before: Totals,
  after: Totals,
): { io: IoCounters; resources: Resources; allocated: NonNullable<Sample['allocated']> } {
  const known = after.allocated.inodes !== null && before.allocated.inodes !== null
  return {
    io: difference(after.io, before.io),
    resources: resourceDifference(after.resources, before.resources),
    allocated: {
      bytes: after.allocated.bytes - before.allocated.bytes,
      inodes: known ? Number(after.allocated.inodes) - Number(before.allocated.inodes) : null,
    },
  }
}
