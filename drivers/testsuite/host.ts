import type { Host } from '../../harness/contracts/host.ts'
import { createHost } from '../../harness/host/index.ts'

/** This machine, without a journal: a test undoes what it made itself. */
export function createTestHost(): Host {
  return createHost({ record: () => undefined, settle: () => undefined })
}
