/** Places that a person names, and what may be wrong with each. */
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bounded, succeed } from '../bounded.ts'

/** Makes a place below a folder, and returns its path. */
type MakePlace = (folder: string) => string

const at =
  (make: (path: string) => void): MakePlace =>
  (folder) => {
    const path = join(folder, 'place')
    make(path)
    return path
  }

const mounted = (options: string): MakePlace =>
  at((path) => {
    mkdirSync(path)
    succeed('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  })

/** Returns a file system on a loop device whose file cannot grow any more: each new block that is written is an I/O error. */
function failing(folder: string): string {
  const [memory, path] = [join(folder, 'memory'), join(folder, 'place')]
  for (const each of [memory, path]) mkdirSync(each)
  succeed('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', memory])
  const image = join(memory, 'image')
  writeFileSync(image, '')
  truncateSync(image, 64 * 1024 ** 2)
  succeed('mkfs.ext4', ['-q', image])
  succeed('mount', ['-o', 'loop', image, path])
  bounded(30, ['dd', 'if=/dev/zero', `of=${memory}/filler`, 'bs=1M'])
  return path
}

/** The places, by what is wrong with them. */
export const PLACES: Readonly<Record<string, MakePlace>> = {
  'is a file': at((path) => writeFileSync(path, 'precious')),
  'is below a file': (folder) => join(at((path) => writeFileSync(path, 'precious'))(folder), 'below'),
  'is a link to nothing': at((path) => symlinkSync('/nowhere/at/all', path)),
  'is a link to itself': at((path) => symlinkSync(path, path)),
  'is a pipe': at((path) => void succeed('mkfifo', [path])),
  'is a device': at((path) => void succeed('mknod', [path, 'c', '1', '3'])),
  'is read-only': mounted('ro'),
  'is full': (folder) => {
    const path = mounted('size=4k')(folder)
    writeFileSync(join(path, 'filler'), Buffer.alloc(4096))
    return path
  },
  'has no inodes left': mounted('nr_inodes=1'),
  'is on a disk whose writes fail': failing,
  'is below /proc': () => '/proc/bench',
  'is below /sys': () => '/sys/bench',
  'is below /dev/null': () => '/dev/null/bench',
  'is a folder that nobody may enter': at((path) => {
    mkdirSync(path)
    chmodSync(path, 0)
  }),
  'has a name that is too long': (folder) => join(folder, 'x'.repeat(300)),
  'has a path that is too long': (folder) => `${folder}${'/x'.repeat(3000)}`,
  'is nothing': () => '',
}
