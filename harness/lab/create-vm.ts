/** One machine, from its name to its first command. */
import type { Host } from '../contracts/host.ts'
import { tellLastLines, waitForSsh } from './boot.ts'
import { makeRoot, makeScratch } from './disks.ts'
import { vmFiles, type LabFolders } from './folders.ts'
import { writeSeed } from './image/seed.ts'
import type { LabImage } from './image/types.ts'
import { makeHostKey, remoteHostOf } from './keys.ts'
import { launch } from './launch.ts'
import { removeVm } from './remove-vm.ts'
import { createVmFolder, writeRecord, type VmRecord } from './vm-record.ts'

export interface Surroundings {
  host: Host
  folders: LabFolders
  /** Public key that may log in. */
  clientKey: string
  /** A line for a person. */
  say: (line: string) => void
  signal: AbortSignal
}

/** A machine that answers. */
export interface CreatedVm {
  folder: string
  record: VmRecord
  /** Seconds from the start of its process to its first command. */
  bootSeconds: number
}

/** Makes a machine and waits until it answers. One that does not is removed again, once its last lines were printed. */
export async function createVm(
  image: LabImage,
  record: VmRecord,
  surroundings: Surroundings,
): Promise<CreatedVm> {
  const { folders, say, signal } = surroundings
  const folder = createVmFolder(folders, record)
  try {
    await makeFiles(image, folder, record, surroundings)
    const began = performance.now()
    const started = await launch(image, folder, record)
    await waitForSsh(started, remoteHostOf(folders, folder, started), signal)
    const ready = { ...started, ready: true }
    writeRecord(folder, ready)
    return { folder, record: ready, bootSeconds: (performance.now() - began) / 1000 }
  } catch (error) {
    if (!signal.aborted) tellLastLines(record.name, folder, say)
    await removeVm(folder)
    throw error
  }
}

async function makeFiles(
  image: LabImage,
  folder: string,
  record: VmRecord,
  { host, clientKey }: Surroundings,
): Promise<void> {
  const files = vmFiles(folder)
  const key = await makeHostKey(host, folder, record)
  await writeSeed(host, files.seed, {
    hostname: record.name,
    authorizedKeys: clientKey,
    hostKey: key.private,
    hostKeyPublic: key.public,
  })
  await makeRoot(host, image, files)
  makeScratch(files, record.scratch)
}
