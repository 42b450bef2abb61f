/**
 * Rules for journal entries. A journal is obeyed as root, so an entry must belong to the run alone: its name carries the
 * run's id, and it is below a folder that the run named. The rules are checked when an entry is recorded, and again when
 * it is undone.
 */
import { basename, resolve } from 'node:path'
import type { JournalEntry } from '../contracts/host.ts'
import { RUN_ID } from '../contracts/run-id.ts'
import type { JournalOwner } from './entry.ts'
import { runtimeDirectory } from './runtime-directory.ts'

/** Environment variable that holds the run's id in every process of a run. */
export const RUN_VARIABLE = 'BENCH_RUN'

/** Returns why an entry cannot be one of this run's, or null where it can. */
export function refusal(entry: JournalEntry, owner: JournalOwner): string | null {
  const { run } = owner
  if (!RUN_ID.test(run)) return `"${run}" is no run's id`
  switch (entry.kind) {
    case 'directory':
    case 'file':
    case 'mount':
    case 'loop':
      return refusedPath(entry.path, owner)
    case 'device-mapper':
      return refusedName(entry.prefix, run, /^[\w.-]+-/)
    case 'zpool':
      return refusedName(entry.name, run, /^[\w.-]+$/)
    case 'cgroup':
      return refusedName(entry.name, run, /^[\w.-]+$/)
    case 'partitions':
      if (entry.label !== `bench-${run}`) return `the label ${entry.label} is not that of run ${run}`
      return refusedDevice(entry.device, owner)
    case 'parameter':
      return refusedParameter(entry)
    case 'process':
      return entry.pid > 1 ? null : `${entry.pid} is no process of a run`
  }
}

function refusedPath(path: string, { run, places }: JournalOwner): string | null {
  if (!path.startsWith('/')) return `${path} is relative`
  if (resolve(path) !== path || path.includes('\0')) return `${path} is not a plain path`
  if (!carries(path, run)) return `${path} does not carry the id of run ${run}`
  if (places === undefined || places.some((place) => isBelow(path, place.path))) return null
  return `${path} lies in no folder that run ${run} named`
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

/** A part of the path is the run's name, so that what lies below is its own. */
function carries(path: string, run: string): boolean {
  const own = runtimeDirectory(run)
  if (path === own || path.startsWith(`${own}/`)) return true
  return path.split('/').some((part) => part === run || startsWithName(part, run))
}

function startsWithName(name: string, run: string): boolean {
  return name === `bench-${run}` || name.startsWith(`bench-${run}-`)
}

function refusedName(name: string, run: string, form: RegExp): string | null {
  if (!form.test(name) || basename(name) !== name) return `${name} is no name`
  return startsWithName(name, run) ? null : `${name} does not carry the id of run ${run}`
}

function refusedDevice(device: string, { run, places }: JournalOwner): string | null {
  if (!device.startsWith('/dev/') || resolve(device) !== device) return `${device} is no device`
  if (places === undefined || places.some(({ path }) => path === device)) return null
  return `${device} is no device that run ${run} named`
}

/** Documentation/ABI/stable/sysfs-module. */
const PARAMETER = /^\/sys\/module\/\w+\/parameters\/\w+$/

function refusedParameter({ path, value, set }: JournalEntry & { kind: 'parameter' }): string | null {
  if (!PARAMETER.test(path)) return `${path} is no parameter of a module`
  if (!/^[\w.-]{1,64}$/.test(value)) return `${JSON.stringify(value)} is no parameter's value`
  return set === undefined ? `the journal does not say what the run set ${path} to` : null
}
