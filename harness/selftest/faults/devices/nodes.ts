/** Paths that lead to no block device. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeed } from '../bounded.ts'
import type { State } from './states.ts'
import type { Workbench } from './workbench.ts'

function made(what: string, make: (path: string, bench: Workbench) => void): State {
  return {
    what,
    make(bench) {
      const path = join(bench.folder(), 'node')
      make(path, bench)
      return path
    },
  }
}

const device =
  (...words: readonly string[]) =>
  (path: string) =>
    void succeed('mknod', [path, ...words])

const named = (path: string): State => ({ what: `the name ${JSON.stringify(path)}`, make: () => path })

/** Returns the cases. */
export const NODES: readonly State[] = [
  made('a file', (path) => writeFileSync(path, 'precious')),
  made('a folder', (path) => mkdirSync(path)),
  made('a pipe', (path) => void succeed('mkfifo', [path])),
  made('a device that swallows all', device('c', '1', '3')),
  made('an endless device', device('c', '1', '5')),
  made('a full device', device('c', '1', '7')),
  made('a terminal', device('c', '5', '0')),
  made('loop-control', device('c', '10', '237')),
  made('a link to nothing', (path, bench) => void bench.link('/nowhere', path)),
  made('a link to itself', (path, bench) => void bench.link(path, path)),
  made('a link to a file', (path, bench) => void bench.link(bench.file(), path)),
  made('nothing', () => undefined),
  {
    what: 'a backing file itself',
    make(bench) {
      const file = bench.file()
      bench.disk(file)
      return file
    },
  },
  ...[
    '',
    '.',
    '/',
    '/dev',
    'loop0',
    '/dev/',
    '/dev/disk/by-id/gone',
    '/sys/block/loop0',
    '-',
    '\u001B[2J/dev',
  ].map(named),
]
