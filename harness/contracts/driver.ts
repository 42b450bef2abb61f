import { z, type ZodType } from 'zod'
import type { Host } from './host.ts'
import type { DriverNeeds, Unsupported } from './needs.ts'
import type { Snapshotter } from './snapshotter.ts'

/** The file system that a container's files lie on, or the pool that takes its place. */
export type Backing = 'ext4' | 'xfs' | 'btrfs' | 'zfs'

/** A driver with its backing and options: `overlay2@xfs+reflink=off`. */
export interface DriverConfig<Options = unknown> {
  driver: string
  backing: Backing
  /** Parsed by the driver's own schema; defaults filled in. */
  options: Options
  /** Canonical notation; only options that differ from their default, sorted. */
  text: string
}

/** Space that the driver may format and destroy: one block device of the same size for every configuration. */
export interface Scratch {
  /** A block device: `/dev/loop3`, `/dev/nvme1n1p2`. */
  device: string
  /** Bytes. */
  size: number
  /** An empty private folder for mount points and state. */
  directory: string
  /** Unique on the host; goes into the name of everything global: `bench-20260131-x7k2-3`. */
  label: string
}

export type Support = { ok: true; /** Versions found: kernel, tools. */ version?: string } | Unsupported

/** The unit in which the first change of a file is copied. */
export const cowUnitSchema = z.enum(['file', 'block', 'extent', 'none'])

/** `control`: the reference without layers that the others are divided by. */
export const roleSchema = z.enum(['control', 'driver'])

export type CowUnit = z.infer<typeof cowUnitSchema>
export type Role = z.infer<typeof roleSchema>

/** Something that containers may expect and that the driver cannot do. */
export interface Limit {
  /** The name of the check in `drivers/testsuite` that it fails. */
  check: string
  reason: string
}

/** Phases of the snapshot verbs that a control carries out untimed: its copy stands in for layers. */
export const CONTROL_UNTIMED: readonly string[] = ['prepare', 'remove']

/** The engine of a driver that is measured through it. */
export interface Engine<Options = unknown> {
  /** Begins the ids of its drivers, `NAME:DRIVER`; its folder and its docs page are called so. */
  name: string
  /** Returns the configuration that does the same without the engine, in notation; null where there is none. */
  withoutEngine(config: DriverConfig<Options>): string | null
}

export interface DriverMeta<Options = unknown> {
  /** `ENGINE:DRIVER` where an engine carries it out. */
  id: string
  title: string
  /** One or two sentences: what it does with the first write. */
  summary: string
  cowUnit: CowUnit
  /** Emulates a driver's mechanism rather than being one that an engine ships. */
  emulated: boolean
  role: Role
  /** The first is the default. */
  backings: readonly [Backing, ...Backing[]]
  /** Needs besides those of its backing, which are in `harness/linux/needs.ts`. */
  needs: DriverNeeds
  /** Strict zod object of options from `units.ts`' codecs (text on the outside), each with default and description. */
  options: ZodType<Options, Record<string, unknown>>
  /** Absent: the driver is carried out by this program. */
  engine?: Engine<Options>
  /** The configurations that `--driver all` means; of a driver with an engine, `--driver engines`. */
  showcase: readonly string[]
  /** Whether `bench validate` measures the showcase. The first such driver of the registry gets the injected delays. */
  validates?: true
  /**
   * Bytes of scratch taken by an image of these layers (sizes bottom up) and `containers` at once, which change
   * `changed` bytes each: of a driver that copies whole files (`cowUnit`), all bytes of the files that are changed; of any
   * other, those that are written. Without the file system's own overhead.
   */
  spaceNeeded(
    config: DriverConfig<Options>,
    layers: readonly number[],
    containers: number,
    changed: number,
  ): number
  /** Checks that a container fails under this configuration. The suite asserts that each of them still fails. */
  limits?(config: DriverConfig<Options>): readonly Limit[]
}

/**
 * Drivers that copy whole trees get their images as a single layer: each of their layers holds everything below it, so
 * the lower ones would lie there unused and take as many times the space.
 */
export function keepsWholeTrees(meta: Pick<DriverMeta, 'cowUnit'>): boolean {
  return meta.cowUnit === 'none'
}

/** Returns the name of the folder, the docs page and the key of Ansible's list that a driver has; those of an engine share theirs. */
export function folderOf({ id, engine }: Pick<DriverMeta, 'id'> & { engine?: { name: string } }): string {
  return engine?.name ?? id
}

export interface Driver<Options = unknown> {
  readonly meta: DriverMeta<Options>
  /** Can it run here? By doing it, then undoing it. Changes nothing that stays. */
  probe(host: Host, config: DriverConfig<Options>): Promise<Support>
  /** Formats the scratch and opens a store on it. Disposing it unmounts and releases all. */
  open(host: Host, config: DriverConfig<Options>, scratch: Scratch): Promise<Snapshotter>
}
