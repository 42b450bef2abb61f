import type { LabKind } from './types.ts'
import { UML_DISKS } from './types.ts'

/** Returns the kernel arguments that an image needs; disks and memory are decided for each machine. */
export function kernelCommandLine(kind: LabKind): string {
  return WORDS[kind].join(' ')
}

const WORDS = {
  qemu: [
    'root=/dev/vda',
    'rootfstype=ext4',
    'rw',
    'console=ttyS0',
    'quiet',
    // The interface keeps its name from before udev, which is when its address is set.
    'net.ifnames=0',
    // Or keys would wait for randomness that an idle machine does not gather.
    'random.trust_cpu=on',
  ],
  uml: [`root=/dev/${UML_DISKS.root}`, 'rootfstype=ext4', 'rw', 'init=/usr/local/lib/bench/init'],
} as const satisfies Record<LabKind, readonly string[]>
