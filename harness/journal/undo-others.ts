/** Undoes processes, kernel parameters and cgroups. */
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { JournalEntry } from '../contracts/host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { environmentOf, hasEnded, isPresent } from '../linux/process.ts'
import { until } from '../linux/until.ts'
import { NotOurs } from './not-ours.ts'
import { RUN_VARIABLE } from './rules.ts'

type Entry<Kind extends JournalEntry['kind']> = JournalEntry & { kind: Kind }

/** Kills a process of the run. Throws when it is another's, and while it is there. */
export async function endProcess(entry: Entry<'process'>, run: string): Promise<string | null> {
  const { pid, name } = entry
  const isThere = () => isPresent(entry) && !hasEnded(pid)
  if (!isThere()) return null
  if (!environmentOf(pid).includes(`${RUN_VARIABLE}=${run}`)) {
    // It may have ended between the two looks.
    if (!isThere()) return null
    throw new NotOurs(`process ${pid} is none of run ${run}`)
  }
  process.kill(pid, 'SIGKILL')
  const error = () => new Error(`process ${pid} (${name}) does not end`)
  await until(() => !isThere(), { every: 20, within: 2000, error })
  return `ended process ${pid} (${name})`
}

/**
 * Gives a parameter the value that it had, if it still holds what the run set. One that is gone went with its module; one that
 * someone has set since stays.
 */
export function putBackParameter({ path, value, set }: Entry<'parameter'>): string | null {
  const fd = openParameter(path)
  if (fd === null) return null
  try {
    if (set === value || readFileSync(fd, 'utf8').trim() !== set) return null
    writeFileSync(path, value)
  } finally {
    closeSync(fd)
  }
  return `set ${path} to ${value} again`
}

function openParameter(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

const CGROUPS = '/sys/fs/cgroup'

/** Removes every cgroup of this name. Throws while a process is in one. */
export function removeCgroups(name: string): string | null {
  const roots = readdirSync(CGROUPS, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const count = ['.', ...roots.map((entry) => entry.name)]
    .map((root) => removeCgroupTree(join(CGROUPS, root, name)))
    .reduce((sum, removed) => sum + removed, 0)
  return count === 0 ? null : `removed ${count} cgroups`
}

/** Cgroup directories go by rmdir, children first; the files in them are the kernel's. */
function removeCgroupTree(path: string): number {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return 0
  let count = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) count += removeCgroupTree(join(path, entry.name))
  }
  rmdirSync(path)
  return count + 1
}
