import type { LabKind } from './types.ts'
import { UML_DISKS } from './types.ts'

/** Kernel words that an image needs; which disks and how much memory it gets is the machine's affair. */
export function kernelWords(kind: LabKind): string {
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
