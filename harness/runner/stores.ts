/** Opens one store for each driver configuration on its own, equal scratch, and builds the images in it. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Driver, DriverConfig } from '../contracts/driver.ts'
import type { Host, LoopDevice } from '../contracts/host.ts'
import { attach as attachSnapshot, detach } from '../contracts/attach.ts'
import {
  stackOf,
  type Image,
  type ImageLayer,
  type ManifestEntry,
  type OwnImage,
} from '../contracts/image.ts'
import type { Snapshotter } from '../contracts/snapshotter.ts'
import { openDeviceCounters, type DeviceCounters } from '../measurement/counters.ts'
import { attributesOf } from '../linux/extended-attributes.ts'
import { manifestDifference, mergeLayers, readManifest } from '../measurement/tree-hash.ts'
import { openDelayed, type DelayedScratch } from './flush-delay.ts'
import type { ScratchSlot } from './scratch-slot.ts'
import { writeBackAside } from './write-back.ts'

// linux/fadvise.h
const POSIX_FADV_WILLNEED = 3

/** An open driver configuration. */
export interface OpenStore {
  readonly config: DriverConfig
  readonly snapshotter: Snapshotter
  /** Device that delays its flushes; null where they are not delayed. */
  readonly delayed: DelayedScratch | null
  /** An empty folder for the containers' mount points. */
  readonly directory: string
  /** Images that were begun, by id: each is built once, and fails once. */
  readonly images: Map<string, Promise<BuiltImage>>
  close(): Promise<void>
}

export interface BuiltImage {
  name: string
  manifest: ReadonlyMap<string, ManifestEntry>
  /** The user's own image, where it is the lower part of this. */
  own?: OwnImage | null
}

export interface StoreOptions {
  slot: ScratchSlot
  /** Bytes. */
  size: number
  /** On a short path, since 120 lower directories have to fit one page of mount options. */
  directory: string
  label: string
  /** Seconds by which each flush is to take longer; null: none. */
  flushDelay: number | null
}

/** Attaches the scratch, lets the driver format it, and mounts its store. */
export async function openStore(
  host: Host,
  driver: Driver,
  config: DriverConfig,
  options: StoreOptions,
): Promise<OpenStore> {
  const storeDirectory = join(options.directory, 's')
  const containers = join(options.directory, 'c')
  mkdirSync(storeDirectory, { recursive: true })
  mkdirSync(containers, { recursive: true })
  const scratch = attachScratch(host, options)
  const { device, delayed } = scratch
  try {
    const snapshotter = await driver.open(host, config, {
      device,
      size: options.size,
      directory: storeDirectory,
      label: options.label,
    })
    if (delayed !== null) await requireOn(delayed, config, snapshotter)
    return {
      config,
      snapshotter,
      delayed,
      directory: containers,
      images: new Map(),
      async close() {
        await snapshotter[Symbol.asyncDispose]()
        scratch.detach()
      },
    }
  } catch (error) {
    scratch.detach()
    throw error
  }
}

function attachScratch(
  host: Host,
  { slot, label, flushDelay }: StoreOptions,
): { device: string; delayed: DelayedScratch | null; detach(): void } {
  if (flushDelay !== null) {
    const delayed = openDelayed(host, slot, label, flushDelay)
    return { device: delayed.device, delayed, detach: () => delayed.close() }
  }
  const { device, loop } = attach(host, slot)
  return { device, delayed: null, detach: () => loop?.detach() }
}

/** Flushes of a store that is elsewhere, too, would be neither delayed nor counted; closes it and throws. */
async function requireOn(
  { device }: DelayedScratch,
  { text }: DriverConfig,
  snapshotter: Snapshotter,
): Promise<void> {
  const { devices } = snapshotter.store
  if (devices.length === 1 && devices[0] === device) return
  await snapshotter[Symbol.asyncDispose]()
  throw new BenchError(`flushes of ${text} cannot be delayed: its store is not only on its scratch device`, {
    code: 'inject.store',
    hint: 'inject a share of the phases instead: --inject CONFIGURATION=5%',
    exitCode: ExitCode.cellFailed,
  })
}

/** The counters of all that reaches the store's scratch. */
export function openStoreCounters({ snapshotter, delayed }: OpenStore): DeviceCounters {
  return delayed === null
    ? openDeviceCounters(snapshotter.store.devices)
    : openDeviceCounters(delayed.devices, delayed)
}

/** The block device of a slot: its own, or a loop device that is to be detached again. */
export function attach(host: Host, slot: ScratchSlot): { device: string; loop: LoopDevice | null } {
  if (slot.kind === 'device') return { device: slot.path, loop: null }
  const loop = host.loops.attach(slot.path, { directIo: true, offset: slot.offset, size: slot.size })
  return { device: loop.device, loop }
}

/**
 * Stacks an image's layers through the snapshotter, on those of the image that it lies on, then reads the whole of it back through a
 * view. `flat` writes all of them over each other into a single layer. An image that the store has is not built again. The store is
 * not at rest afterwards.
 */
export function buildImage(host: Host, store: OpenStore, image: Image, flat: boolean): Promise<BuiltImage> {
  const before = store.images.get(image.id)
  if (before !== undefined) return before
  const building = buildOnce(host, store, image, flat)
  store.images.set(image.id, building)
  return building
}

async function buildOnce(host: Host, store: OpenStore, image: Image, flat: boolean): Promise<BuiltImage> {
  const on = flat || image.on === undefined ? null : await buildImage(host, store, image.on, false)
  const steps = flat ? [stackOf(image)] : image.layers.map((layer) => [layer])
  const entries: ManifestEntry[][] = on === null ? [] : [[...on.manifest.values()]]
  let parent = on?.name ?? null
  for (const [index, layers] of steps.entries()) {
    const name: string = `${image.id}-${index}`
    const key = `${image.id}-building-${index}`
    entries.push(...(await fillLayer(host, store, key, parent, layers)))
    await store.snapshotter.commit(name, key)
    parent = name
  }
  if (parent === null) throw new BenchError(`image ${image.id} has no layers`, { code: 'scenario.image' })
  const manifest = new Map([...shownBy(image), ...mergeLayers(entries)])
  const built = { name: parent, manifest, own: image.own ?? null }
  await requireSameTree(host, store, built)
  return built
}

/** Writes layers into a fresh snapshot of the parent. Returns what each tells that it wrote. */
async function fillLayer(
  host: Host,
  { snapshotter, directory }: OpenStore,
  key: string,
  parent: string | null,
  layers: readonly ImageLayer[],
): Promise<ManifestEntry[][]> {
  const target = join(directory, 'build')
  mkdirSync(target, { recursive: true })
  const mounts = await snapshotter.prepare(key, parent)
  await attachSnapshot({ host, snapshotter }, key, mounts, target)
  try {
    const entries: ManifestEntry[][] = []
    for (const layer of layers) entries.push(await layer.fill(target, host))
    // A bind mount is taken away as it is; any other file system is written back when it ends.
    if (mounts.some(({ type }) => type !== 'bind')) await writeBackAside(host, snapshotter.store.path)
    return entries
  } finally {
    await detach({ host, snapshotter }, key, target)
  }
}

/** Returns what the layers show that do not tell what they wrote. */
function shownBy({ on, shows }: Image): ReadonlyMap<string, ManifestEntry> {
  return shows ?? (on === undefined ? new Map<string, ManifestEntry>() : shownBy(on))
}

/** Equal ground: every driver has to show the container the same tree. */
async function requireSameTree(host: Host, store: OpenStore, image: BuiltImage): Promise<void> {
  const { adds } = store.snapshotter.store
  const isOfImage = ({ path }: ManifestEntry) => image.manifest.has(path) || !adds?.has(path)
  const difference = await throughView(host, store, image.name, (root) => {
    const seen = readManifest(
      root,
      (path) => readAhead(host, path),
      // Made-up images have none.
      (image.own ?? null) === null ? undefined : (path) => attributesOf(host.syscalls, path),
    )
    return manifestDifference(image.manifest, seen.filter(isOfImage))
  })
  if (difference === null) return
  throw new BenchError(`${store.config.text} does not show the image that was written: ${difference}`, {
    code: 'witness.image',
    hint: 'this is a fault of the driver or of its configuration',
    exitCode: ExitCode.cellFailed,
  })
}

/** Starts readahead of a file: reading one file after the other would leave the disk idle. */
function readAhead({ syscalls }: Host, path: string): void {
  const fd = openSync(path, 'r')
  try {
    syscalls.fadvise(fd, 0, 0, POSIX_FADV_WILLNEED)
  } finally {
    closeSync(fd)
  }
}

/** Runs `look` on a read-only view of an image. */
export async function throughView<T>(
  host: Host,
  store: OpenStore,
  image: string,
  look: (root: string) => T | Promise<T>,
): Promise<T> {
  const key = 'view'
  const target = join(store.directory, 'view')
  mkdirSync(target, { recursive: true })
  const { snapshotter } = store
  await attachSnapshot({ host, snapshotter }, key, await snapshotter.view(key, image), target)
  try {
    return await look(target)
  } finally {
    await detach({ host, snapshotter }, key, target)
    await snapshotter.remove(key)
  }
}
