/** Images that the machines of the lab start from. `ensureImage` (`ensure-image.ts`) builds one or finds it in the cache. */
import type { Host } from '../../contracts/host.ts'

export type LabKind = 'qemu' | 'uml'

/** Every flavour and the kind of machine that it is for. What is in them: `ansible/lab/recipe.yml`. */
export const FLAVOURS = {
  'debian-12': 'qemu',
  'debian-13': 'qemu',
  'debian-12-zfs': 'qemu',
  'debian-13-zfs': 'qemu',
  'debian-12-engines': 'qemu',
  'debian-13-engines': 'qemu',
  uml: 'uml',
} as const satisfies Readonly<Record<string, LabKind>>

export type Flavour = keyof typeof FLAVOURS

/** An image in the cache. Its files are shared by every machine: they are opened read-only and never changed. */
export interface LabImage {
  kind: LabKind
  flavour: string
  /** Hash of the recipe: the cache contents under it never change. */
  hash: string
  /** Where its files lie, absolute. */
  folder: string
  /** vmlinuz of QEMU; of User-mode Linux the program that is the kernel, to be started like any other. */
  kernel: string
  /** `uname -r` in the guest; null where a kernel of one's own does not say. */
  kernelRelease: string | null
  initrd: string | null
  /** Raw ext4 image, the base of qcow2 overlays (QEMU) or of a copy-on-write file (UML). It is the first disk. */
  root: string
  /**
   * Raw ext4 image of `/lib/modules` for a kernel of one's own, which goes with any root: a further disk, read-only,
   * with {@link MODULES_SERIAL} (UML: {@link UML_DISKS}). Null where the root holds the modules.
   */
  modules: string | null
  /** Raw image of one more disk, read-only, with {@link FURTHER_SERIAL} (UML: {@link UML_FURTHER_DISK}). */
  further?: string
  /** Kernel arguments that the image itself needs: `root=…`, `init=…`. */
  commandLine: string
  /** Whether systemd is process 1 (services and timers can be tried), or the small init. */
  systemd: boolean
}

/** A kernel of one's own: paths. */
export interface OwnKernel {
  kernel: string
  /** Null: a tiny one is made of the modules; without modules the drivers must be built in. */
  initrd: string | null
  /** A modules folder: `/lib/modules/RELEASE`, or what `make modules_install` wrote. */
  modules: string | null
}

export interface EnsureImageOptions {
  kind: LabKind
  ownKernel?: OwnKernel | null
  /** A line for a person, whenever another step begins. */
  onProgress?: (line: string) => void
}

/** @throws BenchError — what is missing on this machine, or which step failed. */
export type EnsureImage = (host: Host, flavour: string, options: EnsureImageOptions) => Promise<LabImage>

/** Serials of the virtio disks. The guest finds the seed and the modules by them; the root is the first disk. */
export const SEED_SERIAL = 'bench-seed'
export const MODULES_SERIAL = 'bench-modules'
export const SCRATCH_SERIAL = 'bench-scratch'
export const FURTHER_SERIAL = 'bench-further'

/** User-mode Linux knows its disks by their place alone. */
export const UML_DISKS = { root: 'ubda', scratch: 'ubdb', seed: 'ubdc', modules: 'ubdd' } as const
export const UML_FURTHER_DISK = 'ubde'

/** Address of a guest in QEMU's user networking unless its seed says otherwise. */
export const GUEST_ADDRESS = { address: '10.0.2.15/24', gateway: '10.0.2.2' } as const
