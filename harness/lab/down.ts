/** `bench lab down`: ends machines and removes what is left of them, and of those that a killed `up` began. */
import { usageError } from '../contracts/error.ts'
import type { LabFolders } from './folders.ts'
import { rewriteInventory } from './inventory.ts'
import { removeVm } from './remove-vm.ts'
import { listVms, type Vm } from './vm-record.ts'

/** Throws, after the others were removed, what kept one from being removed. */
export async function down(folders: LabFolders, vms: readonly Vm[]): Promise<void> {
  for (const { name, record } of vms.filter(isStarting)) {
    throw usageError(
      'lab-starting',
      `${name} is being started by process ${record?.creator.pid}`,
      'wait until it is up, or stop that process',
    )
  }
  const results = await Promise.allSettled(vms.map(({ folder }) => removeVm(folder)))
  rewriteInventory(folders)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Returns all machines but those that another program is just starting. */
export function allButStarting(folders: LabFolders): Vm[] {
  return listVms(folders).filter((vm) => !isStarting(vm))
}

const isStarting = ({ state }: Vm) => state === 'starting'
