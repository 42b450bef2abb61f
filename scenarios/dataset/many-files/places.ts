/** What is where in a tree of many files, by number: nothing is kept, however many there are. */

/** Directories that lie together under one of them: a package with its parts. */
const GROUP = 16
/** Symbolic link in each directory, to its first file. */
export const LATEST = 'latest'

/** Permission bits of files, in turn: most are data, some programs, some private. A choice. */
const MODES = [0o644, 0o644, 0o755, 0o644, 0o644, 0o600, 0o644, 0o644] as const
export const DIRECTORY_MODE = 0o755

/** A tree of many files: each directory has its share of them, and one symbolic link. */
export interface ManyFiles {
  /** Directory that holds the tree, relative to the root. */
  readonly home: string
  readonly files: number
  readonly directories: number
}

/** Returns how many directories lie directly in the home. */
export function groupsOf({ directories }: ManyFiles): number {
  return Math.ceil(directories / GROUP)
}

/** Returns a directory that lies directly in the home, by its number: `HOME/d0003`. */
export function groupPath({ home }: ManyFiles, group: number): string {
  return `${home}/d${String(group).padStart(4, '0')}`
}

/** Returns a directory by its number: `HOME/d0003`, or `HOME/d0003/s07` within it. Those above come first. */
export function directoryPath(tree: ManyFiles, directory: number): string {
  const part = directory % GROUP
  const group = groupPath(tree, Math.floor(directory / GROUP))
  return part === 0 ? group : `${group}/s${String(part).padStart(2, '0')}`
}

/** Returns the numbers of a directory's files, from `first` up to `end`, which is excluded. */
export function filesOf(
  { files, directories }: ManyFiles,
  directory: number,
): { first: number; end: number } {
  return {
    first: Math.ceil((directory * files) / directories),
    end: Math.ceil(((directory + 1) * files) / directories),
  }
}

/** Returns the name of a file: `f0000042`; of another kind with another letter. */
export function fileName(index: number, letter = 'f'): string {
  return letter + String(index).padStart(7, '0')
}

export function fileMode(index: number): number {
  return MODES[index % MODES.length] as number
}

/** Visits every file in order, directory by directory. */
export function eachFile(tree: ManyFiles, visit: (directory: string, index: number) => void): void {
  for (let directory = 0; directory < tree.directories; directory += 1) {
    const path = directoryPath(tree, directory)
    const { first, end } = filesOf(tree, directory)
    for (let index = first; index < end; index += 1) visit(path, index)
  }
}

/** Returns the paths of all directories, those above first. */
export function directoryPaths(tree: ManyFiles): string[] {
  return Array.from({ length: tree.directories }, (_, directory) => directoryPath(tree, directory))
}

/** Returns what the symbolic link of a directory points to: its first file, or a name that nothing has. */
export function latestTarget(tree: ManyFiles, directory: number): string {
  const { first, end } = filesOf(tree, directory)
  return first < end ? fileName(first) : 'none'
}
