/** The walk of the timed work: as fts(3), by which chown -R, find and cp go through a tree. */
import { readdirSync, rmdirSync, unlinkSync, type Dirent } from 'node:fs'

/** Visits all below a directory: what a directory holds first, then the directory. */
export function eachEntry(directory: string, visit: (path: string, entry: Dirent) => void): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = `${directory}/${entry.name}`
    if (entry.isDirectory()) eachEntry(path, visit)
    visit(path, entry)
  }
}

/** Removes a directory and all below it, as rm -rf does. Returns how many entries that were. */
export function removeTree(directory: string): number {
  let entries = 1
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = `${directory}/${entry.name}`
    if (entry.isDirectory()) entries += removeTree(path)
    else {
      unlinkSync(path)
      entries += 1
    }
  }
  rmdirSync(directory)
  return entries
}
