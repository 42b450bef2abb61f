import { identityOf } from '../../linux/process.ts'
import type { VmRecord } from '../vm-record.ts'

/** Makes the record of a machine that this process, as it was once, has just created. */
export function recordOf(name: string, changes: Partial<VmRecord> = {}): VmRecord {
  const self = identityOf(process.pid)
  return {
    schema: 1,
    name,
    flavour: 'debian-12',
    kind: 'qemu',
    accelerator: 'tcg',
    kernelArguments: [],
    kernelRelease: '6.1.0',
    image: '/cache/ab12',
    memory: 1024 ** 3,
    scratch: 1024 ** 3,
    port: 40001,
    createdAt: '2026-01-31T14:25:01.000Z',
    creator: { ...self, startTime: self.startTime - 1 },
    machine: null,
    network: null,
    ready: false,
    ...changes,
  }
}
