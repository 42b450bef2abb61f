import { closeSync, openSync, statfsSync } from 'node:fs'
import type { MachineStart } from '../machine-start.ts'
import { startDetached } from '../processes.ts'
import { QEMU } from '../../linux/guest/qemu.ts'
import { networkArgs, umlArgs } from './uml-args.ts'
import { makeSocketPair } from './socket-pair.ts'

/** Where User-mode Linux keeps the memory of its guest unless TMPDIR says otherwise. */
const SHARED_MEMORY = '/dev/shm'

/** Starts the network, then the kernel, each with its end of the wire between them. */
export async function startUml({ image, files, record, output, keep }: MachineStart): Promise<void> {
  using wire = makeSocketPair()
  const [networkEnd, machineEnd] = wire.ends
  const { folder } = files
  keep({
    network: await startDetached({
      program: QEMU,
      args: networkArgs(record.port),
      folder,
      output,
      inherited: [networkEnd],
    }),
  })
  const console = openSync(files.console, 'a', 0o600)
  try {
    const args = umlArgs({ image, files, memory: record.memory })
    const env = { TMPDIR: hasRoom(record.memory) ? SHARED_MEMORY : folder }
    const machine = { program: image.kernel, args, folder, env, output: console, inherited: [machineEnd] }
    keep({ machine: await startDetached(machine) })
  } finally {
    closeSync(console)
  }
}

/** A guest whose memory does not fit there would be killed by SIGBUS when it uses it. */
function hasRoom(bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY)
    return bavail * bsize >= bytes
  } catch {
    return false
  }
}
