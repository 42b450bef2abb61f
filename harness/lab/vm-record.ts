/** Record of a machine, in `vm.json` of its folder: written before anything else of the machine is made. */
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { isAlive, processIdentitySchema } from '../linux/process.ts'
import type { LabFolders } from './folders.ts'
import { vmFiles } from './folders.ts'
import { makeFolders } from '../linux/make-folders.ts'
import { replaceFile } from '../linux/replace-file.ts'

export const VM_SCHEMA_VERSION = 1

const vmRecordSchema = z.object({
  schema: z.literal(VM_SCHEMA_VERSION),
  name: z.string(),
  flavour: z.string(),
  kind: z.enum(['qemu', 'uml']),
  accelerator: z.enum(['kvm', 'tcg']).nullable().describe('of QEMU; tcg: every instruction is translated'),
  kernelRelease: z.string().nullable(),
  image: z.string().describe('folder of the image that its root lies over'),
  kernelArguments: z.array(z.string()).default([]).describe('added to those that its image needs'),
  memory: z.number().describe('bytes'),
  scratch: z.number().describe('bytes'),
  port: z.number().int().describe('on 127.0.0.1, of its sshd'),
  createdAt: z.iso.datetime(),
  creator: processIdentitySchema.describe('the process that makes it'),
  machine: processIdentitySchema.nullable().describe('the process that is it; null: not started yet'),
  network: processIdentitySchema.nullable().describe('of User-mode Linux: the process that is its network'),
  ready: z.boolean().describe('it has answered over SSH'),
})

export type VmRecord = z.infer<typeof vmRecordSchema>

/** Returns the kind of machine, as text for people. */
export function describeKind({ kind, accelerator }: VmRecord): string {
  return kind === 'uml' ? 'User-mode Linux' : `QEMU, ${accelerator === 'kvm' ? 'KVM' : 'emulated CPU'}`
}

/**
 * starting: the process that makes it lives and has not seen it answer. dead: its own process is gone, or it was never
 * finished; `bench lab down` removes what is left of it.
 */
export type VmState = 'starting' | 'running' | 'dead'

export interface Vm {
  name: string
  folder: string
  state: VmState
  /** Null where not even that was finished. */
  record: VmRecord | null
}

/** Makes the folder of a machine with its record. Throws a usage error when the name is taken. */
export function createVmFolder(folders: LabFolders, record: VmRecord): string {
  const folder = join(folders.vms, record.name)
  makeFolders(folders.vms, 0o700)
  try {
    onUserPath(() => mkdirSync(folder, { mode: 0o700 }))
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw nameTaken(record.name)
    throw error
  }
  writeRecord(folder, record)
  return folder
}

export function nameTaken(name: string) {
  return usageError(
    'lab-name-taken',
    `there is already a machine ${name}`,
    `give another --name, or run: bench lab down ${name}`,
  )
}

/** Whole or as before. */
export function writeRecord(folder: string, record: VmRecord): void {
  const { record: path } = vmFiles(folder)
  replaceFile(path, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
}

/** Returns every machine, by name, dead ones too. */
export function listVms(folders: LabFolders): Vm[] {
  return namesIn(folders.vms).map((name) => readVm(folders, name))
}

function readVm(folders: LabFolders, name: string): Vm {
  const folder = join(folders.vms, name)
  const record = readRecord(folder)
  return { name, folder, record, state: record === null ? 'dead' : stateOf(record) }
}

function stateOf({ ready, machine, creator }: VmRecord): VmState {
  if (machine !== null && !isAlive(machine)) return 'dead'
  if (ready) return 'running'
  return isAlive(creator) ? 'starting' : 'dead'
}

/** Returns the record of the machine in this folder; null where it was never completely written. */
export function readRecord(folder: string): VmRecord | null {
  try {
    return vmRecordSchema.parse(JSON.parse(readFileSync(vmFiles(folder).record, 'utf8')))
  } catch {
    // It was being made, or an older bench wrote it: what is left can still be removed.
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return onUserPath(() => readdirSync(folder)).toSorted((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    )
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}
