/** The files of an image, in a folder or in a tar archive. */
import { closeSync, existsSync, fstatSync, readSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { openInputFile } from '../../../harness/linux/input-file.ts'
import { BenchError, messageOf } from '../../../harness/contracts/error.ts'
import { readArchive } from '../../common/archive/reader.ts'
import { wrongImage } from './documents.ts'

/** Bytes read at a time. */
const PIECE = 1024 ** 2
/** Bytes of a document at most: a manifest of 500 layers is less than 100 kB. */
const MOST_DOCUMENT = 4 * 1024 ** 2
/** Links from one name of an archive to another that are followed: docker writes one for a layer that is there twice. */
const MOST_LINKS = 8

export interface ImageFiles extends Disposable {
  has(path: string): boolean
  /** Reads a document whole. */
  read(path: string): Buffer
  /** Hands out the bytes of a file in pieces. */
  copy(path: string, take: (piece: Buffer) => void): void
}

/** Opens the folder or the archive of an image. Throws a usage error where it is neither. */
export function openFiles(path: string): ImageFiles {
  try {
    return statSync(path).isDirectory() ? inFolder(path) : inArchive(path)
  } catch (error) {
    if (error instanceof BenchError && error.code === 'usage.image') throw error
    throw wrongImage(path, messageOf(error))
  }
}

/** Bytes of an open file. */
interface Place {
  fd: number
  at: number
  size: number
}

function inFolder(folder: string): ImageFiles {
  const within = (path: string) => {
    if (posix.isAbsolute(path) || path.split('/').includes('..'))
      throw wrongImage(folder, `${JSON.stringify(path)} leaves the folder`)
    return join(folder, path)
  }
  function using<T>(path: string, work: (place: Place) => T): T {
    const fd = open(within(path))
    try {
      return work({ fd, at: 0, size: fstatSync(fd).size })
    } finally {
      closeSync(fd)
    }
  }
  function open(path: string): number {
    try {
      return openInputFile(path)
    } catch (error) {
      throw wrongImage(folder, `${path.slice(folder.length + 1)}: ${messageOf(error)}`)
    }
  }
  return {
    has: (path) => existsSync(within(path)),
    read: (path) => using(path, (place) => readDocument(folder, path, place)),
    copy: (path, take) => using(path, (place) => passPlace(place, take)),
    [Symbol.dispose]: () => undefined,
  }
}

function inArchive(archive: string): ImageFiles {
  const fd = openInputFile(archive)
  try {
    const { places, links } = indexOf(archive, fd)
    const find = (path: string): Place => {
      let name = posix.normalize(path)
      for (let count = 0; count < MOST_LINKS && links.has(name); count += 1) name = links.get(name) as string
      const place = places.get(name)
      if (place === undefined) throw wrongImage(archive, `there is no ${path} in it`)
      return place
    }
    return {
      has: (path) => places.has(posix.normalize(path)),
      read: (path) => readDocument(archive, path, find(path)),
      copy: (path, take) => passPlace(find(path), take),
      [Symbol.dispose]: () => closeSync(fd),
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/** Returns where each file of an archive lies in it, and which names lead to others. */
function indexOf(archive: string, fd: number): { places: Map<string, Place>; links: Map<string, string> } {
  const places = new Map<string, Place>()
  const links = new Map<string, string>()
  const magic = Buffer.alloc(2)
  readSync(fd, magic, 0, 2, 0)
  if (magic[0] === 0x1f && magic[1] === 0x8b)
    throw wrongImage(archive, 'it is compressed as a whole', 'decompress it first: gunzip')
  readArchive(archive, (entry, _, at) => {
    const name = posix.normalize(entry.path)
    if (entry.type === 'symlink') links.set(name, posix.join(posix.dirname(name), entry.target))
    else if (entry.type === 'link') links.set(name, posix.normalize(entry.target))
    else if (entry.type === 'file' && at !== null) places.set(name, { fd, at, size: entry.size })
  })
  return { places, links }
}

function readDocument(image: string, name: string, place: Place): Buffer {
  if (place.size > MOST_DOCUMENT)
    throw wrongImage(image, `${name} has ${place.size} bytes, and is no document`)
  const pieces: Buffer[] = []
  passPlace(place, (piece) => pieces.push(Buffer.from(piece)))
  return Buffer.concat(pieces)
}

/** Hands out the bytes of a place in pieces. */
export function passPlace({ fd, at, size }: Place, take: (piece: Buffer) => void): void {
  const piece = Buffer.allocUnsafe(Math.min(PIECE, size))
  for (let done = 0; done < size;) {
    const count = readSync(fd, piece, 0, Math.min(piece.length, size - done), at + done)
    if (count === 0) return
    take(piece.subarray(0, count))
    done += count
  }
}
