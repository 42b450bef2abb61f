/** A store that makes nothing and writes down, in the log that it is given, what was asked of it. */
import type { Driver, DriverConfig } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { Condition, Mount, Snapshotter } from '../contracts/snapshotter.ts'
import { createFakeHost } from './fake-host.ts'

export interface FakeStoreScript {
  /** Called before a verb is carried out, with its words; throws to let it fail. */
  before?(call: string): void
  /** Bytes used in the store, evaluated at each call. */
  allocated?(): number
  /** Condition of the store at the end of a sample. Default: nothing. */
  condition?(): Condition
}

const MOUNTS: readonly Mount[] = [{ type: 'fake', source: 'store', options: [] }]

export function createFakeSnapshotter(log: string[], script: FakeStoreScript = {}): Snapshotter {
  function call(...words: readonly (string | null)[]): void {
    log.push(words.join(' '))
    script.before?.(words.join(' '))
  }
  return {
    store: { path: null, devices: [] },
    async prepare(key, parent) {
      call('prepare', key, parent)
      return MOUNTS
    },
    async view(key, parent) {
      call('view', key, parent)
      return MOUNTS
    },
    async commit(name, key) {
      call('commit', name, key)
    },
    mounts: async () => MOUNTS,
    async remove(key) {
      call('remove', key)
    },
    usage: async () => ({ bytes: 0, inodes: null }),
    provenance: async () => ({ layer: 'lower', sharedBytes: null, exclusiveBytes: null }),
    async allocated() {
      call('allocated')
      return { bytes: script.allocated?.() ?? 0, inodes: 1 }
    },
    async settle() {
      call('settle')
    },
    condition: async () => script.condition?.() ?? {},
    async [Symbol.asyncDispose]() {
      call('close')
    },
  }
}

/** A host that mounts by writing it down in the same log, by the last name of the target. */
export function createLoggingHost(log: string[], script: FakeStoreScript = {}): Host {
  const host = createFakeHost()
  function call(verb: string, target: string): void {
    const words = `${verb} ${target.split('/').at(-1)}`
    log.push(words)
    script.before?.(words)
  }
  return {
    ...host,
    syscalls: { ...host.syscalls, umount: (target) => call('detach', target) },
    mount: async (_, target) => call('mount', target),
    unmount: async (target) => call('unmount', target),
  }
}

/** Returns the configuration without options of a driver on its first backing. */
export function plainConfig(driver: Driver): DriverConfig {
  const [backing] = driver.meta.backings
  return { driver: driver.meta.id, backing, options: {}, text: `${driver.meta.id}@${backing}` }
}
