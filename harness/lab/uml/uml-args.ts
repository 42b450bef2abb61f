/** Arguments of User-mode Linux, and of the QEMU that is its network. Pure. */
import { basename } from 'node:path'
import { QMP_SOCKET, type VmFiles } from '../folders.ts'
import type { LabImage } from '../image/types.ts'
import { BARE } from '../../linux/guest/qemu.ts'
import { userNetwork } from '../qemu/qemu-args.ts'

/** Descriptor of its end of the socket pair, in either process. */
export const NETWORK_FD = 3

export interface UmlMachine {
  image: LabImage
  files: VmFiles
  /** Bytes. */
  memory: number
}

/** Files are names in the machine's folder, which it is started in: the kernel splits its command line at blanks. */
export function umlArgs({ image, files, memory }: UmlMachine): string[] {
  return [
    `mem=${Math.ceil(memory / 1024 ** 2)}M`,
    // Where it puts its process id and control socket.
    'uml_dir=.',
    'umid=uml',
    `ubd0=${basename(files.root)},${basename(files.base)}`,
    `ubd1=${basename(files.scratch)}`,
    `ubd2r=${basename(files.seed)}`,
    ...(image.modules === null ? [] : [`ubd3r=${basename(files.modules)}`]),
    ...(image.further === undefined ? [] : [`ubd4r=${basename(files.further)}`]),
    `vec0:transport=fd,fd=${NETWORK_FD},depth=64`,
    'con0=null,fd:1',
    'con=null',
    'ssl=null',
    'panic=-1',
    // Or a kernel that trusts no processor's random numbers waits for others before it runs a program.
    'random.trust_cpu=on',
    ...image.commandLine.split(' '),
  ]
}

/** A QEMU without a machine: its user networking, a hub, and the socket that leads to User-mode Linux. */
export function networkArgs(port: number): string[] {
  return [
    ['-machine', 'none', ...BARE, '-qmp', `unix:${QMP_SOCKET},server=on,wait=off`],
    ['-netdev', userNetwork('user', port)],
    ['-netdev', `dgram,id=net,local.type=fd,local.str=${NETWORK_FD}`],
    ['-netdev', 'hubport,id=to-user,hubid=0,netdev=user'],
    ['-netdev', 'hubport,id=to-net,hubid=0,netdev=net'],
  ].flat()
}
