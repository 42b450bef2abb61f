/** `bench lab start`: a machine that has ended comes up again, with its disks as they were. */
import { existsSync } from 'node:fs'
import { BenchError, ExitCode, usageError } from '../contracts/error.ts'
import { identityOf } from '../linux/process.ts'
import { tellLastLines, waitForSsh } from './boot.ts'
import type { CreatedVm, Surroundings } from './create-vm.ts'
import { vmFiles } from './folders.ts'
import { readImage } from './image/cached-image.ts'
import type { LabImage } from './image/types.ts'
import { rewriteInventory } from './inventory.ts'
import { remoteHostOf } from './keys.ts'
import { launch } from './launch.ts'
import { endProcesses, processesOf } from './processes.ts'
import { writeRecord, type Vm, type VmRecord } from './vm-record.ts'

/**
 * Returns when it answers. Throws a usage error for one that runs or was never completely set up, `lab.no-image` where what its
 * root lies over is gone. One that does not come up is dead as before.
 */
export async function startAgain(
  vm: Vm,
  { folders, say, signal }: Pick<Surroundings, 'folders' | 'say' | 'signal'>,
): Promise<CreatedVm> {
  const { folder } = vm
  const record = deadOne(vm)
  const image = imageOf(record)
  // The network of a User-mode Linux machine may have outlived it and still hold its port.
  await endProcesses(processesOf(folder))
  const again = { ...record, creator: identityOf(process.pid), machine: null, network: null, ready: false }
  writeRecord(folder, again)
  try {
    const began = performance.now()
    const started = await launch(image, folder, again)
    await waitForSsh(started, remoteHostOf(folders, folder, started), signal)
    const ready = { ...started, ready: true }
    writeRecord(folder, ready)
    rewriteInventory(folders)
    return { folder, record: ready, bootSeconds: (performance.now() - began) / 1000 }
  } catch (error) {
    if (!signal.aborted) tellLastLines(record.name, folder, say)
    await endProcesses(processesOf(folder))
    throw error
  }
}

function deadOne({ name, folder, state, record }: Vm): VmRecord {
  if (state !== 'dead')
    throw usageError('lab-running', `${name} is ${state}`, 'bench lab list shows the state of each machine')
  // The last of its files that is made.
  if (record !== null && existsSync(vmFiles(folder).scratch)) return record
  throw usageError(
    'lab-unfinished',
    `${name} was never completely set up`,
    `bench lab down ${name}, then bench lab up`,
  )
}

function imageOf({ name, image }: VmRecord): LabImage {
  try {
    return readImage(image)
  } catch (cause) {
    throw new BenchError(`the image of ${name} is no longer in ${image}`, {
      code: 'lab.no-image',
      hint: `the machine cannot run without it: bench lab down ${name}`,
      exitCode: ExitCode.hostNotReady,
      cause,
    })
  }
}
