/** Arguments of QEMU. Pure. */
import { FURTHER_SERIAL, MODULES_SERIAL, SCRATCH_SERIAL, SEED_SERIAL, type LabImage } from '../image/types.ts'
import { QMP_SOCKET, type VmFiles } from '../folders.ts'
import { acceleratorArgs, BARE, escapeOption, type Accelerator } from '../../linux/guest/qemu.ts'

export interface QemuMachine {
  name: string
  image: LabImage
  files: VmFiles
  accelerator: Accelerator
  /** Bytes. */
  memory: number
  cpus: number
  /** On 127.0.0.1; led to port 22 of the machine. */
  port: number
  /** Whether the scratch disk goes past the page cache of this machine. */
  directIo: boolean
}

/** A disk of the machine; its place in the list is its place there. */
interface Disk {
  id: string
  /** Options of `-drive`. */
  drive: Readonly<Record<string, string>>
  serial?: string
}

export function qemuArgs(machine: QemuMachine): string[] {
  const { name, image, files, memory, cpus, port } = machine
  return [
    ['-name', `bench-lab-${name}`, ...BARE, '-no-reboot'],
    acceleratorArgs(machine.accelerator),
    ['-smp', String(cpus), '-m', `${Math.ceil(memory / 1024 ** 2)}M`],
    ['-kernel', image.kernel, ...(image.initrd === null ? [] : ['-initrd', image.initrd])],
    // A kernel that gives up ends the machine, so that nobody waits for it.
    ['-append', `console=ttyS0 panic=-1 ${image.commandLine}`],
    ['-serial', `file:${escapeOption(files.console)}`, '-qmp', `unix:${QMP_SOCKET},server=on,wait=off`],
    ['-netdev', userNetwork('net', port), '-device', 'virtio-net-pci,netdev=net,romfile='],
    ['-device', 'virtio-rng-pci'],
    ...disks(machine).map(diskArgs),
  ].flat()
}

/** QEMU's own network: the machine reaches nobody, and is reached by SSH alone. */
export function userNetwork(id: string, port: number): string {
  return `user,id=${id},restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`
}

function disks({ image, files, directIo }: QemuMachine): Disk[] {
  const raw = { format: 'raw' }
  // Flushes of the root go nowhere: it is thrown away with the machine. Those of the scratch disk are measured.
  const root = { file: files.root, format: 'qcow2', cache: 'unsafe', discard: 'unmap' }
  const cache = directIo ? 'none' : 'writeback'
  const scratch = { file: files.scratch, ...raw, cache, discard: 'unmap' }
  const modules = { file: image.modules ?? '', ...raw, readonly: 'on' }
  const further = { file: image.further ?? '', ...raw, readonly: 'on' }
  return [
    { id: 'root', drive: root },
    { id: 'scratch', drive: scratch, serial: SCRATCH_SERIAL },
    { id: 'seed', drive: { file: files.seed, ...raw, readonly: 'on' }, serial: SEED_SERIAL },
    ...(image.modules === null ? [] : [{ id: 'modules', drive: modules, serial: MODULES_SERIAL }]),
    ...(image.further === undefined ? [] : [{ id: 'further', drive: further, serial: FURTHER_SERIAL }]),
  ]
}

function diskArgs({ id, drive, serial }: Disk): string[] {
  const options = Object.entries(drive).map(([key, value]) => `${key}=${escapeOption(value)}`)
  const named = serial === undefined ? '' : `,serial=${serial}`
  return ['-drive', `if=none,id=${id},${options.join(',')}`, '-device', `virtio-blk-pci,drive=${id}${named}`]
}
