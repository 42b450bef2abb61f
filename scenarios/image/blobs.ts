/** The layers of an image as the blobs that a registry serves, and the tree that they add up to. Made once and kept in memory. */
import { createHash } from 'node:crypto'
import { linkSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import zlib, { gzipSync } from 'node:zlib'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Image } from '../../harness/contracts/image.ts'
import { setUpCommand } from '../../harness/linux/package.ts'
import { writeDiff } from '../common/archive/diff.ts'
import { readTree, type TreeState } from '../common/tree-state.ts'
import type { ImageParams } from './params.ts'

export interface Blob {
  content: Buffer
  /** SHA-256, hexadecimal, by which an engine asks for it. */
  digest: string
}

export interface Blobs {
  layers: readonly Blob[]
  /** Bytes of the archives when they are not compressed. */
  archiveBytes: number
  /** Entries of all archives: files, directories, links, whiteouts. */
  entries: number
  /** What the top layer must show. */
  tree: TreeState
}

type Compression = ImageParams['compression']

/** Bytes of blobs that are kept for the samples to come. */
const MOST_KEPT = 512 * 1024 ** 2
const kept = new Map<string, Blobs>()
let keptBytes = 0

/** Time of change of what the lowest layer brings, seconds since 1970: 1 January 2020. */
const FIRST_TIME = 1_577_836_800

/** Levels that engines choose by default: Go's gzip and klauspost's zstd. */
const GZIP_LEVEL = 6
const ZSTD_LEVEL = '-3'

/**
 * Returns the blobs of an image, made in `directory`, an empty folder. Throws `scenario.no-zstd` where the program that
 * compresses them is not there.
 */
export async function blobsOf(
  host: Host,
  image: Image,
  compression: Compression,
  directory: string,
): Promise<Blobs> {
  const key = `${image.id} ${compression}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const made = await makeBlobs(host, image, compression, directory)
  const bytes = made.layers.reduce((sum, { content }) => sum + content.length, 0)
  if (keptBytes + bytes <= MOST_KEPT) {
    kept.set(key, made)
    keptBytes += bytes
  }
  return made
}

async function makeBlobs(
  host: Host,
  image: Image,
  compression: Compression,
  directory: string,
): Promise<Blobs> {
  const layers: Blob[] = []
  let archiveBytes = 0
  let entries = 0
  let below = join(directory, 'below')
  mkdirSync(below, { recursive: true })
  for (const [index, layer] of image.layers.entries()) {
    const tree = join(directory, `tree-${index}`)
    linkTree(below, tree)
    await layer.fill(tree, host)
    stampTree(tree, below, FIRST_TIME + index)
    const archive = join(directory, 'layer.tar')
    const written = writeDiff(host.syscalls, below, tree, archive)
    archiveBytes += written.bytes
    entries += written.entries
    layers.push(blobOf(await compressFile(host, archive, compression)))
    rmSync(archive)
    rmSync(below, { recursive: true })
    below = tree
  }
  const tree = readTree(host.syscalls, below)
  rmSync(below, { recursive: true })
  return { layers, archiveBytes, entries, tree }
}

/**
 * Gives what a layer brings its time of change, in whole seconds as all drivers keep them, and directories that were there
 * the time that they had: so equal seeds have equal digests.
 */
function stampTree(tree: string, below: string, seconds: number): void {
  for (const entry of readdirSync(tree, { withFileTypes: true })) {
    const [path, before] = [join(tree, entry.name), join(below, entry.name)]
    const there = lstatSync(before, { throwIfNoEntry: false })
    if (entry.isDirectory()) {
      stampTree(path, before, seconds)
      const time = there?.isDirectory() === true ? there.mtimeMs / 1000 : seconds
      lutimesSync(path, time, time)
    } else if (there?.ino !== lstatSync(path).ino) lutimesSync(path, seconds, seconds)
  }
}

/** Copies a tree by links, with its times: what a layer replaces it removes first. */
export function linkTree(from: string, to: string): void {
  const { mode, atimeMs, mtimeMs } = lstatSync(from)
  mkdirSync(to, mode)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else linkSync(source, target)
  }
  lutimesSync(to, atimeMs / 1000, mtimeMs / 1000)
}

function blobOf(content: Buffer): Blob {
  return { content, digest: digestOf(content) }
}

export function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

async function compressFile(host: Host, path: string, compression: Compression): Promise<Buffer> {
  if (compression === 'none') return readFileSync(path)
  if (compression === 'gzip') return gzipSync(readFileSync(path), { level: GZIP_LEVEL })
  requireZstd(host)
  const target = `${path}.zst`
  await host.run('zstd', ['--quiet', ZSTD_LEVEL, path, '-o', target])
  const content = readFileSync(target)
  rmSync(target)
  return content
}

/** Bytes that are decompressed at a time: each time the thread that does it is waited for, as in no engine. */
const PIECE = 1024 ** 2

/** Node's decompressors: zstd's is there from 22.15 and 23.8 on. */
export interface Decompressors {
  gunzip: Decompressor
  zstdDecompress?: Decompressor
}

type Decompressor = (
  content: Buffer,
  options: { chunkSize: number },
  done: (error: Error | null, result: Buffer) => void,
) => void

/** Returns how the blobs are decompressed, for the witness: what a program does has its fork in the time. */
export function decompressor(compression: Compression, node: Decompressors = zlib): string | null {
  if (compression === 'none') return null
  return compression === 'gzip' || node.zstdDecompress !== undefined
    ? 'in this process'
    : 'by a program, with its fork'
}

/** Returns the archive of a blob that lies at `path`: in a thread of this process, where Node can; zstd else by its program. */
export async function decompress(
  host: Host,
  path: string,
  content: Buffer,
  compression: Compression,
  node: Decompressors = zlib,
): Promise<Buffer> {
  if (compression === 'none') return content
  const inProcess = compression === 'gzip' ? node.gunzip : node.zstdDecompress
  if (inProcess !== undefined) return inPieces(inProcess, content)
  const target = `${path}.tar`
  await host.run('zstd', ['--quiet', '--decompress', path, '-o', target])
  return readFileSync(target)
}

function inPieces(work: Decompressor, content: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    work(content, { chunkSize: PIECE }, (error, result) => (error === null ? resolve(result) : reject(error)))
  })
}

function requireZstd(host: Host): void {
  if (host.which('zstd') !== null) return
  throw new BenchError('zstd is not installed', {
    code: 'scenario.no-zstd',
    hint: `${setUpCommand()} installs it; compression=gzip needs none`,
    exitCode: ExitCode.nothingRuns,
  })
}
