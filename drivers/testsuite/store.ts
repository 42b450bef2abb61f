import type { Driver, DriverConfig, DriverMeta } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { createScratch, type TestScratch } from './scratch.ts'

/** An open store, and what its checks have in common. Disposing it gives the scratch back. */
export interface TestStore extends AsyncDisposable {
  readonly host: Host
  readonly meta: Pick<DriverMeta, 'id' | 'cowUnit'>
  readonly snapshotter: Snapshotter
  readonly scratch: TestScratch
  /** Counts up, so that no two snapshots of the store have one name. */
  next(): number
  /** Set by the first check that asks for the image. */
  image?: Promise<string>
}

/** Opens a store of the driver on a scratch that was made for it. */
export async function openStore<Options>(
  host: Host,
  driver: Driver<Options>,
  config: DriverConfig<Options>,
  scratch = createScratch(host),
): Promise<TestStore> {
  let count = 0
  const snapshotter = await openOrRelease(() => driver.open(host, config, scratch), scratch)
  return {
    host,
    meta: driver.meta,
    snapshotter,
    scratch,
    next: () => (count += 1),
    async [Symbol.asyncDispose]() {
      await snapshotter[Symbol.asyncDispose]()
      scratch[Symbol.dispose]()
    },
  }
}

async function openOrRelease(open: () => Promise<Snapshotter>, scratch: TestScratch): Promise<Snapshotter> {
  try {
    return await open()
  } catch (error) {
    scratch[Symbol.dispose]()
    throw error
  }
}
