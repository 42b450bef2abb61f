/**
 * The storage driver of Windows containers. It has a row that says why it is missing; no Linux host can run
 * it, and nothing of it is here.
 */
import { z } from 'zod'
import type { Driver } from '../../harness/contracts/driver.ts'
import type { Unsupported } from '../../harness/contracts/needs.ts'
import { unsupported } from '../common/backing.ts'

const NEVER: Unsupported = {
  ok: false,
  code: 'host.not-windows',
  reason: 'its layers are made on NTFS by the Host Compute Service, both of which only Windows has',
  hint: 'it is the storage driver of Windows containers and takes a Windows host; nothing on Linux stands for it',
}

export const windowsfilter: Driver = {
  meta: {
    id: 'windowsfilter',
    title: 'windowsfilter',
    summary: 'The storage driver of Windows containers, named here to say why Linux cannot have it.',
    cowUnit: 'file',
    emulated: false,
    role: 'driver',
    // A driver has to name one; this one never makes it.
    backings: ['ext4'],
    needs: { never: NEVER },
    options: z.strictObject({}),
    showcase: [],
    spaceNeeded: () => 0,
  },
  probe: () => Promise.resolve(NEVER),
  open: () => Promise.reject(unsupported(NEVER)),
}
