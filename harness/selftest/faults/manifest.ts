/** Lists what there is in the sandbox, so that two looks can be compared. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAlive, type ProcessIdentity } from '../../linux/process.ts'
import { blockFolder, loopFile } from '../../linux/sysfs.ts'
import { UPPER } from './sandbox.ts'

/** What a thing is, by its name. */
export type Manifest = ReadonlyMap<string, string>

export interface Watched {
  /** `loop3` */
  loops: readonly string[]
  processes: readonly ProcessIdentity[]
}

/** Where the sandbox's files are, and what their paths begin with there. */
const AREAS = [
  [`/proc/self/fd/${UPPER}`, ''],
  ['/dev', '/dev'],
  ['/run', '/run'],
  ['/srv/loops', '/srv/loops'],
  ['/sys/fs/cgroup', '/sys/fs/cgroup'],
] as const

/** Looks at everything but what lies at or below the paths `without`. */
export function lookAround({ loops, processes }: Watched, without: readonly string[]): Manifest {
  const manifest = new Map<string, string>()
  for (const [folder, prefix] of AREAS) addFiles(manifest, folder, prefix, without)
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n'))
    manifest.set(`mount ${line}`, '')
  for (const name of loops) manifest.set(`loop ${name}`, loopFile(blockFolder(name)) ?? 'detached')
  for (const each of processes) manifest.set(`process ${each.pid}`, isAlive(each) ? 'alive' : 'dead')
  manifest.set('hostname', hostname())
  return manifest
}

function addFiles(
  manifest: Map<string, string>,
  folder: string,
  prefix: string,
  without: readonly string[],
): void {
  for (const name of readdirSync(folder)) {
    const path = `${prefix}/${name}`
    if (without.includes(path)) continue
    const found = lstatSync(`${folder}/${name}`)
    const facts = [found.mode, found.uid, found.gid, found.rdev]
    if (found.isFile()) facts.push(found.size, found.mtimeMs)
    manifest.set(`file ${path}`, [...facts, contentOf(`${folder}/${name}`)].join(' '))
    if (found.isDirectory()) addFiles(manifest, `${folder}/${name}`, path, without)
  }
}

function contentOf(path: string): string {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) return readlinkSync(path)
  return found.isFile() ? createHash('sha1').update(readFileSync(path)).digest('hex') : ''
}

/** Returns the names of what is not as it was, is gone, or is new. */
export function differences(before: Manifest, after: Manifest): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name))
}
