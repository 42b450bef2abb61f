/** The cgroup below which an engine makes those of its containers. */
import { readdirSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from '../../../harness/contracts/syscalls.ts'

const CGROUPS = '/sys/fs/cgroup'

/** Removes the cgroup of this name with all below it, in every hierarchy. No process may be in one. */
export function removeCgroup(name: string): void {
  const hierarchies = readdirSync(CGROUPS).filter((entry) => statSync(join(CGROUPS, entry)).isDirectory())
  for (const hierarchy of ['.', ...hierarchies]) removeTree(join(CGROUPS, hierarchy, name))
}

/** Cgroup directories go by rmdir, children first; the files in them are the kernel's. */
function removeTree(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(path, entry.name))
    }
    rmdirSync(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
