/** The virtual machine of a container: QEMU's arguments, and the first process of the guest. Pure. */
import type { OwnProcess } from '../../../harness/contracts/own-process.ts'
import { acceleratorArgs, BARE, escapeOption, type Accelerator } from '../../../harness/linux/guest/qemu.ts'

/** The smallest of QEMU's machines: no firmware tables of old devices, no PCI. */
export const MACHINE = 'microvm'
/** Memory of a guest, in MiB. */
const MEMORY = 256
const TAG = 'root'

/** Modules of the guest's kernel, with what they depend on. */
export const MODULES = ['virtio_mmio', '9pnet_virtio', '9p'] as const

/** Lines that the guest writes before and after what the container writes. */
export const MARKS = { init: 'bench:init', output: 'bench:output', exit: 'bench:exit' } as const

/**
 * A guest that is not told how fast its counter runs looks for a timer to compare it with. KVM tells it; a translated one now and
 * then waits for ever, since this machine has none. The guest's clock is wrong then, and nothing is timed by it.
 */
const TOLD = { kvm: '', tcg: ' tsc_early_khz=2000000 tsc=reliable' } as const

export interface GuestMachine {
  name: string
  accelerator: Accelerator
  kernel: string
  initrd: string
  /** Mount point of the container on the host. */
  root: string
}

/** Returns QEMU's arguments. What the guest writes to its serial line is QEMU's standard output. */
export function guestArgs({ name, accelerator, kernel, initrd, root }: GuestMachine): string[] {
  const shared = `path=${escapeOption(root)},security_model=passthrough,multidevs=remap`
  return [
    [...BARE, '-no-reboot', '-name', name, '-machine', MACHINE, ...acceleratorArgs(accelerator)],
    ['-smp', '1', '-m', `${MEMORY}M`, '-kernel', kernel, '-initrd', initrd],
    // A kernel that gives up ends the machine; so does the triple fault of `reboot=t`, without any firmware.
    ['-append', `console=ttyS0 quiet panic=-1 reboot=t${TOLD[accelerator]}`],
    ['-fsdev', `local,id=${TAG},${shared}`, '-device', `virtio-9p-device,fsdev=${TAG},mount_tag=${TAG}`],
    ['-chardev', 'stdio,id=serial,signal=off', '-serial', 'chardev:serial'],
  ].flat()
}

/** Returns the script that is the guest's first process: it runs the container's process on its root and ends the machine. */
export function guestInit({ args, env }: Pick<OwnProcess, 'args' | 'env'>): string {
  return `#!/bin/busybox sh
echo ${MARKS.init}
b=/bin/busybox
while read -r module; do
  $b insmod "/modules/$module"
done </modules/order
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 ${TAG} /root
$b mount -t proc proc /root/proc
$b mount -t tmpfs -o nosuid,mode=755 tmpfs /root/dev
# What the kernel says from here on would be among the output.
$b dmesg -n 1
${env.map((variable) => `export ${quote(variable)}`).join('\n')}
echo ${MARKS.output}
$b chroot /root ${args.map(quote).join(' ')}
echo ${MARKS.exit} $?
$b reboot -f
`
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
