import { availableParallelism } from 'node:os'
import { takesDirectIo } from '../disks.ts'
import type { MachineStart } from '../machine-start.ts'
import { startDetached } from '../processes.ts'
import { QEMU } from '../../linux/guest/qemu.ts'
import { qemuArgs } from './qemu-args.ts'

/** Two where there are two: what a driver does beside its caller is then not in its caller's way. */
const MOST_CPUS = 2

/** Starts QEMU. */
export async function startQemu({ image, files, record, output, keep }: MachineStart): Promise<void> {
  const args = qemuArgs({
    name: record.name,
    image,
    files,
    accelerator: record.accelerator ?? 'tcg',
    memory: record.memory,
    cpus: Math.min(MOST_CPUS, availableParallelism()),
    port: record.port,
    directIo: takesDirectIo(files.scratch),
  })
  keep({ machine: await startDetached({ program: QEMU, args, folder: files.folder, output }) })
}
