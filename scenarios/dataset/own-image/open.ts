/** Opens the user's own image: an OCI layout, or what `docker save` or `podman save` wrote. */
import { closeSync, readSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { BenchError } from '../../../harness/contracts/error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import type { ImageLayer, ManifestEntry, OwnImage } from '../../../harness/contracts/image.ts'
import { applyArchive } from '../../common/archive/apply.ts'
import { readArchive } from '../../common/archive/reader.ts'
import { spaceOfFile } from '../image.ts'
import { wrongImage } from './documents.ts'
import { openFiles } from './files.ts'
import { findImage } from './find-image.ts'
import { processOf } from './process.ts'
import { stageLayers } from './stage.ts'
import { unionOf, type Union } from './union.ts'

/**
 * Reads the image at `path` and checks every digest. Its layers are kept, not compressed, in files without a name, where the host
 * tries drivers. Throws a usage error for whatever is wrong with the image.
 */
export async function openOwnImage(host: Host, path: string): Promise<OwnImage> {
  using files = openFiles(path)
  const found = findImage(files, path)
  const staged = await stageLayers(host, files, found, path)
  try {
    const archives = staged.map((fd) => `/proc/self/fd/${fd}`)
    const { manifest, places } = readUnion(archives, path)
    const content = contentOf(staged, manifest, places)
    const regular = [...manifest.values()].filter(({ type }) => type === 'file')
    return {
      facts: {
        path: resolve(path),
        name: found.reference ?? basename(path),
        digest: found.digest,
        platform: `${found.config.os}/${found.config.architecture}`,
        layers: archives.length,
        files: regular.length,
        bytes: regular.reduce((sum, { size }) => sum + size, 0),
      },
      layers: archives.map(layerOf),
      manifest,
      process: processOf(found.config, path, (name) => textOf(content, manifest.get(name))),
      content,
      [Symbol.dispose]() {
        for (const fd of staged) closeSync(fd)
      },
    }
  } catch (error) {
    for (const fd of staged) closeSync(fd)
    throw error
  }
}

function readUnion(archives: readonly string[], path: string): Union {
  try {
    return unionOf(archives)
  } catch (error) {
    if (error instanceof BenchError && error.code.startsWith('archive.'))
      throw wrongImage(path, `a layer cannot be read: ${error.message}`, 'save the image again')
    throw error
  }
}

function layerOf(archive: string): ImageLayer {
  let bytes = 0
  readArchive(archive, ({ size }) => {
    bytes += spaceOfFile(size)
  })
  return {
    bytes,
    fill(directory, { syscalls }) {
      applyArchive(syscalls, archive, directory)
      return Promise.resolve([])
    },
  }
}

function contentOf(
  staged: readonly number[],
  manifest: ReadonlyMap<string, ManifestEntry>,
  places: Union['places'],
): OwnImage['content'] {
  return (path) => {
    const place = places.get(path)
    const size = manifest.get(path)?.size
    if (place === undefined || size === undefined) return null
    const fd = staged[place.layer] as number
    return (target, offset) => {
      const length = Math.max(0, Math.min(target.length, size - offset))
      for (let done = 0; done < length;)
        done += readSync(fd, target, done, length - done, place.at + offset + done)
      target.fill(0, length)
    }
  }
}

function textOf(content: OwnImage['content'], entry: ManifestEntry | undefined): string | null {
  if (entry?.type !== 'file') return null
  const bytes = Buffer.alloc(entry.size)
  content(entry.path)?.(bytes, 0)
  return bytes.toString('utf8')
}
