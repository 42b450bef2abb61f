/** Paths of an image's files: packages with their libraries, data, documentation and programs, as in distributions. */
import { seededNumbers } from './content.ts'
import { logNormalSizes } from './sizes.ts'

export interface ImageProfile {
  /** Bytes and files of the merged tree, the scenario's own files left out. */
  bytes: number
  files: number
}

/**
 * `tiny` is of Alpine's size, for quick looks at workloads that do not read the image. `small` is the median image of Docker Hub, unpacked: N. Zhao et al., "Large-Scale Analysis of the Docker Hub
 * Dataset", IEEE CLUSTER 2019. `large` is a choice after the official language images: python:3.12 is 410.9 MB
 * compressed in 7 layers (docker-library/repo-info), times the compressibility of 2.6 about 1 GB; 20,000 files make
 * a mean of 50 kB, which is what /usr of a Debian 12 with development packages has (47 kB, measured).
 */
export const imageProfiles = {
  tiny: { bytes: 8_000_000, files: 80 },
  small: { bytes: 94_000_000, files: 1090 },
  large: { bytes: 1_000_000_000, files: 20_000 },
} as const satisfies Record<string, ImageProfile>

export type ProfileId = keyof typeof imageProfiles

export interface TreeFile {
  path: string
  /** Bytes. */
  size: number
  mode: number
  /** The layer it comes with: 0 is the lowest. */
  layer: number
  /** A higher layer that brings another version of it, of the same size; null for most. */
  replacedIn: number | null
}

/** The base layer's share of the files, and the share that a higher layer replaces: choices. */
const BASE_SHARE = 0.4
const REPLACED_SHARE = 0.1
/** Files of a package, on average: a choice. */
const PACKAGE_FILES = 12

/** Directory, extension, permissions; the first matches libraries, the last programs. `P` is the package's name. */
const PLACES = [
  { directory: 'usr/lib/x86_64-linux-gnu', extension: '.so.1', mode: 0o644 },
  { directory: 'usr/lib/P/modules', extension: '.so', mode: 0o644 },
  { directory: 'usr/lib/python3/dist-packages/P', extension: '.py', mode: 0o644 },
  { directory: 'usr/lib/python3/dist-packages/P/core', extension: '.py', mode: 0o644 },
  { directory: 'usr/share/P', extension: '.dat', mode: 0o644 },
  { directory: 'usr/share/P/templates/default', extension: '.tmpl', mode: 0o644 },
  { directory: 'usr/share/doc/P', extension: '', mode: 0o644 },
  { directory: 'usr/share/locale/de/LC_MESSAGES', extension: '.mo', mode: 0o644 },
  { directory: 'var/lib/dpkg/info', extension: '.list', mode: 0o644 },
  { directory: 'etc/P', extension: '.conf', mode: 0o644 },
  { directory: 'usr/bin', extension: '', mode: 0o755 },
] as const

/** Returns the files of an image, in layer order. `bytes` and `files` are met exactly. */
export function planTree(profile: ImageProfile, layers: number, seed: number): TreeFile[] {
  const random = seededNumbers(
    seed,
    `tree of ${profile.files} files, ${profile.bytes} bytes, ${layers} layers`,
  )
  const sizes = shuffled(logNormalSizes(profile.files, profile.bytes), random)
  const baseFiles = layers === 1 ? profile.files : Math.round(profile.files * BASE_SHARE)
  const files = sizes.map((size, index): TreeFile => {
    const place = PLACES[Math.floor(random() * PLACES.length)] ?? PLACES[0]
    const owner = `pkg${String(Math.floor(index / PACKAGE_FILES)).padStart(4, '0')}`
    return {
      path: `${place.directory.replace('P', owner)}/${owner}-${index}${place.extension}`,
      size,
      mode: place.mode,
      layer: index < baseFiles ? 0 : layerAbove(index - baseFiles, profile.files - baseFiles, layers),
      replacedIn: null,
    }
  })
  return layers === 1 ? files : withReplacements(files, layers, random)
}

/** Spreads `count` files evenly over the layers 1 … layers − 1. */
function layerAbove(index: number, count: number, layers: number): number {
  return 1 + Math.floor((index * (layers - 1)) / count)
}

/** Some files of lower layers come again in a higher one, as updated packages do; evenly over the higher layers. */
function withReplacements(files: readonly TreeFile[], layers: number, random: () => number): TreeFile[] {
  const replaced = Math.round(files.length * REPLACED_SHARE)
  const result = [...files]
  let below = 0
  for (let count = 0; count < replaced; count += 1) {
    const layer = layerAbove(count, replaced, layers)
    while ((files[below]?.layer ?? layer) < layer) below += 1
    const index = Math.floor(random() * below)
    const file = result[index]
    if (file !== undefined && file.replacedIn === null) result[index] = { ...file, replacedIn: layer }
  }
  return result
}

function shuffled(values: readonly number[], random: () => number): number[] {
  const result = [...values]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    ;[result[last], result[other]] = [result[other] ?? 0, result[last] ?? 0]
  }
  return result
}
