import { rmSync } from 'node:fs'
import { endProcesses, processesOf } from './processes.ts'

/**
 * Ends what runs for the machine in this folder, and removes the folder. Its guest is not asked to shut down: whatever it
 * would write goes with it. Throws `lab.not-ended`, and removes nothing, when a process stays.
 */
export async function removeVm(folder: string): Promise<void> {
  await endProcesses(processesOf(folder))
  rmSync(folder, { recursive: true, force: true })
}
