import { closeSync, openSync } from 'node:fs'
import { vmFiles } from './folders.ts'
import type { LabImage } from './image/types.ts'
import type { MachineStart } from './machine-start.ts'
import { writeRecord, type VmRecord } from './vm-record.ts'

/** Starts the processes of a machine whose files are there. Returns its record with them. */
export async function launch(asBuilt: LabImage, folder: string, record: VmRecord): Promise<VmRecord> {
  const image = { ...asBuilt, commandLine: [asBuilt.commandLine, ...record.kernelArguments].join(' ') }
  const files = vmFiles(folder)
  const output = openSync(files.log, 'a', 0o600)
  let now = record
  const keep: MachineStart['keep'] = (started) => {
    now = { ...now, ...started }
    writeRecord(folder, now)
  }
  try {
    const inputs = { image, files, record, output, keep }
    if (image.kind === 'qemu') await (await import('./qemu/start.ts')).startQemu(inputs)
    else await (await import('./uml/start.ts')).startUml(inputs)
  } finally {
    closeSync(output)
  }
  return now
}
