import type { VmFiles } from './folders.ts'
import type { LabImage } from './image/types.ts'
import type { VmRecord } from './vm-record.ts'

/** Inputs for starting the processes of a machine. */
export interface MachineStart {
  image: LabImage
  files: VmFiles
  record: VmRecord
  /** Descriptor that QEMU writes its own messages to. */
  output: number
  /** Records a process as soon as it runs. */
  keep(started: Partial<Pick<VmRecord, 'machine' | 'network'>>): void
}
