/** Places that a person names, and what may be wrong with each. */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeed } from '../bounded.ts'

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
