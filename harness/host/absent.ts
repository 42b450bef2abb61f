/** Tells by looking alone what this machine cannot run: mounts nothing and loads nothing, so only a trial finds the rest. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import type { Needs } from '../contracts/needs.ts'
import type { WhyAbsent } from '../contracts/plan.ts'
import { needsOf } from '../linux/needs.ts'
import { which } from './commands.ts'

/** Returns what tells of a configuration why this machine cannot run it. */
export function absentHere(look = lookHere()): WhyAbsent {
  return ({ meta }, config) => meta.needs.never?.reason ?? absentNeed(needsOf(meta, config), look)
}

/** What the machine has, so far as a look tells. */
export interface Look {
  kernel: string
  /** Whether the kernel has the file system, or a module of it that it could load. */
  hasFilesystem(type: string): boolean
  hasDeviceMapper(): boolean
  which(program: string): string | null
}

/** Returns why one of the needs cannot be met; null where a look finds nothing missing. */
export function absentNeed(
  needs: readonly Needs[],
  { kernel, hasFilesystem, hasDeviceMapper, which: find }: Look,
): string | null {
  for (const { filesystems = [], targets = [], programs = [] } of needs) {
    const type = filesystems.find((name) => !hasFilesystem(name))
    if (type !== undefined) return `this kernel (${kernel}) has no ${type}`
    if (targets.length > 0 && !hasDeviceMapper()) return `this kernel (${kernel}) has no device mapper`
    const program = programs.find(({ name }) => find(name) === null)
    if (program !== undefined) return `${program.name} is not installed`
  }
  return null
}

/** Looks at this machine. */
function lookHere(): Look {
  const filesystems = lastWords('/proc/filesystems')
  const isLoadable = once(canLoad)
  return {
    kernel: release(),
    hasFilesystem: (type) => filesystems.includes(type) || [`fs-${type}`, type].some(isLoadable),
    hasDeviceMapper: () => lastWords('/proc/misc').includes('device-mapper') || isLoadable('dm-mod'),
    which,
  }
}

function lastWords(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(/\s+/).at(-1) ?? '')
}

/** Returns a function that asks once about each name, and then remembers the answer. */
function once(ask: (name: string) => boolean): (name: string) => boolean {
  const answers = new Map<string, boolean>()
  return (name) => {
    const answer = answers.get(name) ?? ask(name)
    answers.set(name, answer)
    return answer
  }
}

/** `--dry-run` resolves a module's name or alias, and loads nothing. */
function canLoad(module: string): boolean {
  const modprobe = which('modprobe')
  return modprobe !== null && spawnSync(modprobe, ['--dry-run', '--quiet', module]).status === 0
}
