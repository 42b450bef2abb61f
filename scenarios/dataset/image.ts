/** Images: seeded layers with a base system, a plausible tree, and a scenario's own files in the lowest layer. */
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { usageError } from '../../harness/contracts/error.ts'
import type { Image, ImageLayer, ManifestEntry, OwnImage } from '../../harness/contracts/image.ts'
import { readBusybox } from './busybox.ts'
import { BLOCK, type ContentKey } from './content.ts'
import { createLayerWriter, type LayerWriter } from './layer-writer.ts'
import { seededContents, SPARSE_SIZE, type Contents, type FileSize } from './many-files/contents.ts'
import type { ManyFiles } from './many-files/places.ts'
import { manifestOfManyFiles, writeManyFiles } from './many-files/write.ts'
import { imageProfiles, planTree, type ProfileId, type TreeFile } from './tree.ts'

/** Counts up when the same specification would give other bytes. */
const FORMAT = 2

/**
 * Bytes of a file system for each file in it, however small: ext4 has an inode for every 16 KiB (mke2fs.conf, inode_ratio),
 * the most that any backing takes. xfs and zfs make inodes where there is room, btrfs has none.
 */
export const FILE_SPACE = 16 * 1024

/** Bytes that an updated file takes of a layer beside its own: an inode for itself and one for its directory. */
const UPDATED_SPACE = 2 * FILE_SPACE

/**
 * Bytes and files of the profile that are kept for the base system, so that the image keeps to its total: a static busybox
 * (2.0 MB on Debian 12) and the three files beside it.
 */
const BASE_SYSTEM = { bytes: 2_000_000, files: 4 }

const BUSYBOX_LINKS = ['sh', 'cat', 'echo', 'ls', 'sleep', 'true']

/** A file of the scenario itself. */
export interface OwnFile {
  path: string
  /** Bytes. */
  size: number
}

export interface ImageSpec {
  /** Readable part of the image's name: `bigfile-16M-8`. */
  name: string
  seed: number
  /** Tree beside the base system and the scenario's own files; null: none. `own`: the user's image, in place of both. */
  profile: ProfileId | 'own' | null
  own?: OwnImage | null | undefined
  layers: number
  compressibility: number
  /** The scenario's own files and directories, in the lowest layer. */
  files?: readonly OwnFile[]
  directories?: readonly string[]
  /** Files of the scenario that every layer rewrites, with other bytes of the same size: the highest layer's are seen. */
  updated?: readonly OwnFile[]
  /**
   * Of the user's image: the scenario's own files lie in a layer below it, since it measures how deep they lie. Stores then hold the
   * image once more. Default: they lie in a layer on it.
   */
  lowest?: true
  /** The scenario's own tree of many files of one size, in the lowest layer. */
  manyFiles?: SizedManyFiles
}

export interface SizedManyFiles extends ManyFiles {
  readonly size: FileSize
}

/** Returns the content of the files of a scenario's own tree. */
export function manyContents(
  { seed, compressibility }: Pick<ImageSpec, 'seed' | 'compressibility'>,
  { home, size }: SizedManyFiles,
): Contents {
  return seededContents(ownContent(seed, compressibility, home), size)
}

/** The content of one of the scenario's own files, to compute what it must be after a change. */
export function ownContent(seed: number, compressibility: number, path: string): ContentKey {
  return { seed, compressibility, identity: `own ${path}` }
}

const known = new Map<string, Image>()

/** Equal specifications share one image: a plan asks for the same one many times. */
export function createImage(spec: ImageSpec): Image {
  if (spec.profile === 'own') return onOwnImage(spec)
  const id = imageId(spec)
  const before = known.get(id)
  if (before !== undefined) return before
  const image = withTouched(spec, { id, layers: planLayers(spec) })
  known.set(id, image)
  return image
}

/** Returns the user's image; where the scenario has files of its own, with a layer of these on it, or below it. */
function onOwnImage({ own, ...spec }: ImageSpec): Image {
  if (own === undefined || own === null)
    throw usageError('own-image', 'image=own is the image of --image, and there is none', 'give --image FILE')
  const digest = own.facts.digest.slice('sha256:'.length)
  const on: Image = { id: `own-${digest.slice(0, 12)}`, layers: own.layers, own, shows: own.manifest }
  const { files = [], directories = [], updated = [], manyFiles } = spec
  const brought = [...files, ...updated].map(({ path }) => path)
  if (manyFiles !== undefined) brought.push(manyFiles.home)
  if (brought.length + directories.length === 0) return on
  const seeded = { ...spec, profile: null, layers: 1 }
  const layer = planLayer(seeded, [], 0, false)
  const touched = createImage({ ...seeded, name: `${spec.name}-touched` })
  const id = imageId(seeded)
  if (spec.lowest === true)
    return { ...on, id: `${id}-below-${digest.slice(0, 12)}`, layers: [layer, ...own.layers], touched }
  requirePlace(own, brought, directories)
  return { id: `${id}-on-${digest.slice(0, 12)}`, layers: [layer], on, own, touched }
}

/** Throws a usage error where the user's image holds what a scenario brings, or has something else for a directory above it. */
function requirePlace(
  { manifest, facts }: OwnImage,
  brought: readonly string[],
  directories: readonly string[],
): void {
  const there = brought.find((path) => manifest.has(path))
  const above = [...directories, ...brought.map(dirname)].flatMap((path) =>
    path.split('/').map((_, index, steps) => steps.slice(0, index + 1).join('/')),
  )
  const other = above.find((path) => (manifest.get(path)?.type ?? 'directory') !== 'directory')
  if (there === undefined && other === undefined) return
  throw usageError(
    'image',
    other === undefined
      ? `--image ${facts.path}: it holds ${there}, which the scenario brings itself`
      : `--image ${facts.path}: its ${other} is no directory, and the scenario's own files lie below it`,
    'measure what works on the image alone: --scenario exec,startup,image',
  )
}

/** Adds the image without the tree, which is planned when it is asked for: it may have a million files. */
function withTouched(spec: ImageSpec, image: Image): Image {
  if (spec.profile === null) return image
  let touched: Image | undefined
  return {
    ...image,
    get touched() {
      // Once: the name of an image is a hash over all its files, and a plan asks for each cell.
      return (touched ??= createImage(withoutTree(spec)))
    },
  }
}

/** Returns the specification without the tree. Layers that bring nothing else then go, too. */
function withoutTree(spec: ImageSpec): ImageSpec {
  const layers = spec.updated === undefined ? 1 : spec.layers
  return { ...spec, name: `${spec.name}-touched`, profile: null, layers }
}

/** The name, and eight hexadecimal digits of a hash over all that determines the content. */
function imageId(spec: ImageSpec): string {
  const { name, seed, profile, layers, compressibility, files = [], directories = [], updated } = spec
  const tree = profile === null || profile === 'own' ? null : imageProfiles[profile]
  const content: unknown[] = [FORMAT, seed, tree, layers, compressibility, files, directories]
  if (updated !== undefined) content.push(updated)
  if (spec.manyFiles !== undefined) content.push(spec.manyFiles)
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return `${name}-${hash.slice(0, 8)}`
}

function planLayers(spec: ImageSpec): ImageLayer[] {
  const tree = spec.profile === null || spec.profile === 'own' ? [] : treeOf(spec.profile, spec)
  return Array.from({ length: spec.layers }, (_, index) => planLayer(spec, tree, index))
}

function treeOf(profile: ProfileId, { layers, seed }: ImageSpec): TreeFile[] {
  const { bytes, files } = imageProfiles[profile]
  return planTree({ bytes: bytes - BASE_SYSTEM.bytes, files: files - BASE_SYSTEM.files }, layers, seed)
}

function planLayer(
  spec: ImageSpec,
  tree: readonly TreeFile[],
  index: number,
  hasBaseSystem = index === 0,
): ImageLayer {
  const added = tree.filter((file) => file.layer === index)
  const replaced = tree.filter((file) => file.replacedIn === index)
  const own = index === 0 ? (spec.files ?? []) : []
  const updated = spec.updated ?? []
  const many = index === 0 ? spec.manyFiles : undefined
  const content =
    spaceOf([...added, ...replaced, ...own]) +
    blocksOf(updated) +
    updated.length * UPDATED_SPACE +
    (many === undefined ? 0 : spaceOfMany(many))
  let ofMany: ManifestEntry[] | undefined
  return {
    bytes: content + (hasBaseSystem ? BASE_SYSTEM.bytes : 0),
    fill(directory) {
      const writer = createLayerWriter(directory)
      if (index === 0) {
        if (hasBaseSystem) writeBaseSystem(writer)
        for (const path of spec.directories ?? []) writer.directory(path)
      }
      for (const file of own) {
        writer.content(file.path, ownContent(spec.seed, spec.compressibility, file.path), file.size, 0o644)
      }
      for (const file of added) writer.content(file.path, treeContent(spec, file, 1), file.size, file.mode)
      for (const file of replaced)
        writer.content(file.path, treeContent(spec, file, 2), file.size, file.mode, true)
      for (const file of updated)
        writer.content(file.path, versionContent(spec, file, index), file.size, 0o644, index > 0)
      if (many === undefined) return Promise.resolve([...writer.entries])
      const contents = manyContents(spec, many)
      writer.directory(dirname(many.home))
      writeManyFiles(directory, many, contents)
      // All stores share them: there may be a million.
      ofMany ??= manifestOfManyFiles(many, contents)
      return Promise.resolve([...writer.entries, ...ofMany])
    },
  }
}

function treeContent(spec: ImageSpec, file: TreeFile, version: number): ContentKey {
  const { seed, compressibility } = spec
  return { seed, compressibility, identity: `tree ${file.path} version ${version}` }
}

function versionContent(spec: ImageSpec, file: OwnFile, layer: number): ContentKey {
  const { seed, compressibility } = spec
  return { seed, compressibility, identity: `own ${file.path} of layer ${layer}` }
}

/** Enough for an OCI runtime to start a process: the mount points must be there, or it would make them. */
function writeBaseSystem(writer: LayerWriter): void {
  writer.bytes('bin/busybox', readBusybox(), 0o755)
  for (const name of BUSYBOX_LINKS) writer.link(`bin/${name}`, 'busybox')
  writer.bytes('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n', 0o644)
  writer.bytes('etc/group', 'root:x:0:\n', 0o644)
  writer.bytes('etc/os-release', 'ID=bench\nNAME="Image of a storage driver benchmark"\n', 0o644)
  for (const path of ['dev', 'proc', 'sys', 'run', 'var/lib']) writer.directory(path)
  writer.directory('root', 0o700)
  writer.directory('tmp', 0o1777)
}

/** Returns the bytes that files take: their blocks, or their inodes where these are more. */
function spaceOf(files: readonly { size: number }[]): number {
  return Math.max(blocksOf(files), files.length * FILE_SPACE)
}

/** Returns the bytes that a tree of many files takes: of each directory, its inode and that of its symbolic link. */
export function spaceOfMany({ files, directories, size }: SizedManyFiles): number {
  return files * spaceOfFile(size) + directories * 2 * FILE_SPACE
}

/** Returns the bytes that a file of this size takes at most: its blocks, or its inode where that is more. */
export function spaceOfFile(size: FileSize): number {
  const bytes = size === 'sparse' ? SPARSE_SIZE : size
  return Math.max(FILE_SPACE, Math.ceil(bytes / BLOCK) * BLOCK)
}

function blocksOf(files: readonly { size: number }[]): number {
  return files.reduce((total, { size }) => total + Math.ceil(size / BLOCK) * BLOCK, 0)
}
