/** Files of the image that layers change, and those that layers bring. Paths are relative to the root. */

const HOME = 'var/lib/bench/layer'

/** Lies in the image and is changed by nobody. */
export const LOWEST = `${HOME}/lowest`
const LOWEST_SIZE = 4096

/** Lies in the image and is rewritten in place in every layer. */
export const STATE = `${HOME}/state`
/** Bytes: two blocks. */
export const STATE_SIZE = 8192

/** A directory of the image that layers put files into. */
export const MADE = `${HOME}/made`
/** Keeps the directory in the image. */
const KEPT = `${MADE}/kept`

export const lowestFiles = [
  { path: LOWEST, size: LOWEST_SIZE },
  { path: STATE, size: STATE_SIZE },
  { path: KEPT, size: LOWEST_SIZE },
]

/** Name in {@link MADE} of what the layer of this number brings. */
export function nameOf(layer: number): string {
  return `layer-${String(layer).padStart(4, '0')}`
}

/** Names in {@link MADE}, sorted, of a tree in which these layers show. */
export function namesOf(layers: readonly number[]): string[] {
  return ['kept', ...layers.map(nameOf)].toSorted()
}

const FILES_A_DIRECTORY = 100

/** Returns a file of the image that is changed, by its number. */
export function pathOf(index: number): string {
  const directory = String(Math.floor(index / FILES_A_DIRECTORY)).padStart(4, '0')
  return `${HOME}/many/d${directory}/f${String(index).padStart(6, '0')}`
}

/** A directory of the image that is removed and made again. */
export const OPAQUE = `${HOME}/opaque`
export const OPAQUE_FILES = [`${OPAQUE}/one`, `${OPAQUE}/two`]

/** A directory of the image that a file takes the place of. */
export const TURNED = `${HOME}/turned`
export const TURNED_FILE = `${TURNED}/file`

/** Returns the files of an image of which `files` are changed: as many again stay as they are. */
export function changedFiles(files: number, size: number): { path: string; size: number }[] {
  return [
    ...lowestFiles,
    ...Array.from({ length: 2 * files }, (_, index) => ({ path: pathOf(index), size })),
    ...[...OPAQUE_FILES, TURNED_FILE].map((path) => ({ path, size: LOWEST_SIZE })),
  ]
}
