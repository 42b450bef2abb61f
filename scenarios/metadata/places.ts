/** The directories that are looked at: every layer of the image has all of them. */

/** Operations on files and directories; each has its own directories, so that its first touch really is the first. */
export const operations = ['open', 'stat', 'lookup-miss', 'readdir', 'read'] as const
export type OperationId = (typeof operations)[number]

/** Directories for each operation, and so the number of first touches that a cold sample has. A choice. */
export const PLACES = 8
/** Bytes of the file that is looked at: one block. */
export const FILE_SIZE = 4096
/** Other files of a directory, in the lowest layer. A choice. */
const NEIGHBOURS = 2
/** A neighbour need not be read, and the one that comes with every layer should not make an image of many large. */
const NEIGHBOUR_SIZE = 512

/** The directory that holds all of them, relative to the root. */
export const HOME = 'var/lib/bench/metadata'

/** Lies in the lowest layer and is opened by no operation: the cold cache is verified on it. */
export const WITNESS_FILE = `${HOME}/witness/file`

/** `var/lib/bench/metadata/open-07`. */
export function placesOf(operation: OperationId): string[] {
  return Array.from(
    { length: PLACES },
    (_, index) => `${HOME}/${operation}-${String(index).padStart(2, '0')}`,
  )
}

/** Returns a path in the lowest layer only: a union finds it after it has searched all layers above. */
export const fileOf = (place: string) => `${place}/file`
/** Returns a path in no layer. */
export const absentOf = (place: string) => `${place}/absent`

const everyPlace = operations.flatMap(placesOf)

/** The file of every place. */
export const everyFile = everyPlace.map(fileOf)

/** Files of the lowest layer. */
export const lowestFiles = [
  { path: WITNESS_FILE, size: FILE_SIZE },
  ...everyPlace.flatMap((place) => [
    { path: fileOf(place), size: FILE_SIZE },
    ...Array.from({ length: NEIGHBOURS }, (_, index) => ({
      path: `${place}/neighbour-${index}`,
      size: NEIGHBOUR_SIZE,
    })),
  ]),
]

/**
 * Files that every layer rewrites: so each layer has every directory, and the tree that the container sees has
 * the same names whatever the number of layers.
 */
export const updatedFiles = everyPlace.map((place) => ({ path: `${place}/version`, size: NEIGHBOUR_SIZE }))

/** Names that readdir shows of a place: the file, its neighbours, and the one that every layer replaced. */
export const ENTRIES = NEIGHBOURS + 2
