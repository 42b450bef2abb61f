/** Evidence that a scenario uses to prove its work. See `TrialEvidence`. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { CowUnit } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { Container, TrialEvidence } from '../contracts/scenario.ts'
import { sharedRanges } from '../linux/shared-ranges.ts'
import { difference, type DeviceCounters } from '../measurement/counters.ts'
import { hashFile } from '../measurement/tree-hash.ts'
import { throughView, type BuiltImage, type OpenStore } from './stores.ts'
import type { Totals } from './totals.ts'

export interface EvidenceInputs {
  host: Host
  store: OpenStore
  image: BuiltImage
  cowUnit: CowUnit
  counters: DeviceCounters
  /** Read when the trial began. */
  baseline: Totals
  container(): Container
}

export function createEvidence(inputs: EvidenceInputs): TrialEvidence {
  const { host, store, image, counters, baseline, container } = inputs
  const { snapshotter } = store
  const begin = counters.read()
  return {
    cowUnit: inputs.cowUnit,
    compresses: snapshotter.store.compresses ?? false,
    devices: snapshotter.store.devices,
    adds: snapshotter.store.adds ?? new Set(),
    manifest: image.manifest,
    bytesWritten: () => difference(counters.read(), begin).bytesWritten,
    allocated: async () => (await snapshotter.allocated()).bytes - baseline.allocated.bytes,
    hiddenBy: async (path) => snapshotter.hiddenBy?.(container().key, path),
    containerHash: (path) => Promise.resolve(hashFile(join(container().root, path))),
    imageHash: (path) => throughView(host, store, image.name, (root) => hashFile(join(root, path))),
    withImage: (look) => throughView(host, store, image.name, look),
    sharedWithImage(path, imageRoot) {
      const { root } = container()
      const file = join(root, path)
      // On a volume: what lies at the same place of another file system is not shared.
      if (statSync(file).dev !== statSync(root).dev) return []
      return sharedRanges(host.syscalls, snapshotter.store.devices, [file, join(imageRoot, path)])
    },
  }
}
