/** Needs of a driver: stated once by the driver, read by its probe, `bench doctor` and the fingerprint. */

/** A program in PATH or the sbin folders. */
export interface Program {
  name: string
  /**
   * The argument that makes it print its version. It is given where another version may change what is measured; the
   * version is then part of the fingerprint.
   */
  version?: string
}

export interface Needs {
  /** File systems that the kernel has to mount, by their names in /proc/filesystems. */
  filesystems?: readonly string[]
  /** Kernel modules that no mount loads by itself, by their names for modprobe(8). */
  modules?: readonly string[]
  /** Targets of device mapper, as `dmsetup targets` names them. */
  targets?: readonly string[]
  programs?: readonly Program[]
  /** Advice on what provides it, if the set-up of a host does not. */
  hint?: string
}

export interface DriverNeeds extends Needs {
  /** Further needs of option values, by `OPTION=VALUE`. No default value can be among them. */
  options?: Readonly<Record<string, Needs>>
  /** The answer of a driver that no Linux host can run. */
  never?: Unsupported
}

/** Why a host cannot run something, and what would help. */
export interface Unsupported {
  ok: false
  code: string
  reason: string
  hint: string
}
