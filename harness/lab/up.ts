/** `bench lab up`: an image, then machines of it, all or none. */
import { availableParallelism } from 'node:os'
import type { Host } from '../contracts/host.ts'
import { limiter } from '../linux/limiter.ts'
import { identityOf } from '../linux/process.ts'
import { createVm, type CreatedVm } from './create-vm.ts'
import type { LabFolders } from './folders.ts'
import { ensureImage } from './image/ensure-image.ts'
import type { LabImage, LabKind, OwnKernel } from './image/types.ts'
import { rewriteInventory } from './inventory.ts'
import { clientKey } from './keys.ts'
import { freePorts } from './ports.ts'
import { requirePrograms } from './programs.ts'
import { chooseAccelerator } from '../linux/guest/accelerator.ts'
import { removeVm } from './remove-vm.ts'
import { VM_SCHEMA_VERSION, listVms, nameTaken, type VmRecord } from './vm-record.ts'

export interface UpRequest {
  kind: LabKind
  flavour: string
  count: number
  /** Bytes of the scratch disk, and of memory. */
  scratch: number
  memory: number
  /** Name of the machine; several get a number each. null: the flavour's name with a number. */
  name: string | null
  ownKernel: OwnKernel | null
  /** Arguments added to the kernel's command line, none with a blank in it. */
  kernelArguments: readonly string[]
}

/** An image that is there, and what is to be made of it. */
export interface Prepared {
  image: LabImage
  /** Seconds until it was there. */
  imageSeconds: number
  records: readonly VmRecord[]
  host: Host
  folders: LabFolders
}

/** A line for a person. */
export type Say = (line: string) => void

/** Finds or builds the image, which may take minutes, and finds out what machines there will be. Makes none. */
export async function prepare(
  host: Host,
  folders: LabFolders,
  request: UpRequest,
  say: Say,
): Promise<Prepared> {
  requirePrograms(host, request.kind)
  const names = namesFor(request, new Set(listVms(folders).map(({ name }) => name)))
  const began = performance.now()
  const image = await ensureImage(host, request.flavour, {
    kind: request.kind,
    ownKernel: request.ownKernel,
    onProgress: say,
  })
  const imageSeconds = (performance.now() - began) / 1000
  const accelerator = await acceleratorFor(host, image, folders, say)
  const ports = await freePorts(names.length)
  const records = names.map((name, index) =>
    newRecord({ name, port: ports[index] ?? 0, image, accelerator, request }),
  )
  return { image, imageSeconds, records, host, folders }
}

/**
 * Brings up all machines, or none: when one fails or the signal is aborted, those of this call are removed, and the error,
 * or the signal's reason, is thrown.
 */
export async function up(
  { image, records, host, folders }: Prepared,
  say: Say,
  signal?: AbortSignal,
): Promise<CreatedVm[]> {
  const failed = new AbortController()
  const either = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])])
  const surroundings = { host, folders, clientKey: await clientKey(host, folders), say, signal: either }
  const inTurn = limiter(availableParallelism())
  const create = async (record: VmRecord) => {
    try {
      either.throwIfAborted()
      const machine = await createVm(image, record, surroundings)
      say(`${record.name}: booted in ${machine.bootSeconds.toFixed(1)} s`)
      return machine
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const results = await Promise.allSettled(records.map((record) => inTurn(() => create(record))))
  const machines = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  if (either.aborted) {
    await Promise.all(machines.map(({ folder }) => removeVm(folder)))
    throw either.reason
  }
  rewriteInventory(folders)
  return machines
}

async function acceleratorFor(
  host: Host,
  image: LabImage,
  folders: LabFolders,
  say: Say,
): Promise<VmRecord['accelerator']> {
  if (image.kind === 'uml') return null
  const { accelerator, reason } = await chooseAccelerator({ host, image, file: folders.kvm })
  if (reason !== null) say(`emulated CPU, not KVM: ${reason}`)
  return accelerator
}

/** Throws a usage error when one is taken. Pure. */
export function namesFor(
  { name, count, flavour }: Pick<UpRequest, 'name' | 'count' | 'flavour'>,
  taken: ReadonlySet<string>,
): string[] {
  if (name === null) {
    const names: string[] = []
    for (let number = 1; names.length < count; number += 1) {
      if (!taken.has(`${flavour}-${number}`)) names.push(`${flavour}-${number}`)
    }
    return names
  }
  const names = count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
  const conflict = names.find((each) => taken.has(each))
  if (conflict !== undefined) throw nameTaken(conflict)
  return names
}

interface NewRecord {
  name: string
  port: number
  image: LabImage
  accelerator: VmRecord['accelerator']
  request: UpRequest
}

function newRecord({ name, port, image, accelerator, request }: NewRecord): VmRecord {
  return {
    schema: VM_SCHEMA_VERSION,
    name,
    flavour: request.flavour,
    kind: request.kind,
    accelerator,
    kernelRelease: image.kernelRelease,
    image: image.folder,
    kernelArguments: [...request.kernelArguments],
    memory: request.memory,
    scratch: request.scratch,
    port,
    createdAt: new Date().toISOString(),
    creator: identityOf(process.pid),
    machine: null,
    network: null,
    ready: false,
  }
}
