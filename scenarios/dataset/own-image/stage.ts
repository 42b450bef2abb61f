/** Layers as plain archives in files without a name: the kernel takes them away with the last descriptor. */
import { randomBytes, createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { messageOf, BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import { onUserPath } from '../../../harness/contracts/host-error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { nameOf } from '../../../harness/contracts/run-id.ts'
import { setUpCommand } from '../../../harness/linux/package.ts'
import { wrongImage } from './documents.ts'
import type { ImageFiles } from './files.ts'
import { requireDigest, type FoundImage } from './find-image.ts'

const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** Returns a descriptor for each layer, of an archive that is not compressed. Every digest is checked. */
export async function stageLayers(
  host: Host,
  files: ImageFiles,
  { layers, config }: FoundImage,
  path: string,
): Promise<number[]> {
  const expected = config.rootfs.diff_ids
  if (layers.length === 0) throw wrongImage(path, 'it has no layers')
  if (expected.length !== layers.length)
    throw wrongImage(path, `it has ${layers.length} layers, but its configuration names ${expected.length}`)
  const folder = join(
    host.probePlace?.files ?? tmpdir(),
    nameOf(host.journal, `image-${randomBytes(4).toString('hex')}`),
  )
  const entry = { kind: 'directory', path: folder } as const
  host.journal.record(entry)
  const staged: number[] = []
  try {
    onUserPath(() => mkdirSync(folder, { mode: 0o700 }))
    for (const [index, layer] of layers.entries())
      staged.push(await stageLayer({ host, files, path, folder }, layer, expected[index] as string))
    return staged
  } catch (error) {
    for (const fd of staged) closeSync(fd)
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
    host.journal.forget(entry)
  }
}

interface Staging {
  host: Host
  files: ImageFiles
  /** The image, as the user gave it. */
  path: string
  folder: string
}

async function stageLayer(
  staging: Staging,
  layer: FoundImage['layers'][number],
  expected: string,
): Promise<number> {
  const { files, path, folder } = staging
  const raw = join(folder, 'raw')
  const plain = join(folder, 'plain')
  const seen = copyTo(files, layer.path, raw)
  if (layer.digest !== null) requireDigest(path, layer.digest, seen)
  const compressed = compressionOf(raw)
  const digest = compressed === null ? seen : await decompressed(staging, compressed, raw, plain)
  requireDigest(path, expected, digest)
  const fd = openSync(compressed === null ? raw : plain, 'r')
  for (const used of [raw, plain]) rmSync(used, { force: true })
  return fd
}

/** Copies a file of the image and returns its digest. */
function copyTo(files: ImageFiles, path: string, target: string): string {
  const hash = createHash('sha256')
  const fd = openSync(target, 'wx', 0o600)
  try {
    files.copy(path, (piece) => {
      hash.update(piece)
      for (let done = 0; done < piece.length;) done += onUserPath(() => writeSync(fd, piece, done))
    })
  } finally {
    closeSync(fd)
  }
  return `sha256:${hash.digest('hex')}`
}

function compressionOf(path: string): 'gzip' | 'zstd' | null {
  const magic = Buffer.alloc(4)
  const fd = openSync(path, 'r')
  readSync(fd, magic, 0, 4, 0)
  closeSync(fd)
  if (magic.subarray(0, 2).equals(GZIP)) return 'gzip'
  return magic.equals(ZSTD) ? 'zstd' : null
}

/** Decompresses a file and returns the digest of the result. gzip in this process, zstd by its program. */
async function decompressed(
  { host, path }: Staging,
  compression: 'gzip' | 'zstd',
  from: string,
  to: string,
): Promise<string> {
  const hash = createHash('sha256')
  const hashed = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece)
      done(null, piece)
    },
  })
  try {
    if (compression === 'gzip')
      await onUserPath(() =>
        pipeline(createReadStream(from), createGunzip(), hashed, createWriteStream(to, { mode: 0o600 })),
      )
    else {
      if (host.which('zstd') === null) throw noZstd(path)
      await host.run('zstd', ['--quiet', '--decompress', from, '-o', to], { timeout: 3600 })
      for await (const piece of createReadStream(to)) hash.update(piece as Buffer)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw wrongImage(path, `a layer cannot be decompressed: ${messageOf(error)}`, 'save the image again')
    throw error
  }
  return `sha256:${hash.digest('hex')}`
}

function noZstd(path: string): BenchError {
  return new BenchError(`--image ${path}: its layers are compressed by zstd, which is not installed`, {
    code: 'image.no-zstd',
    hint: `${setUpCommand()} installs it`,
    exitCode: ExitCode.nothingRuns,
  })
}
