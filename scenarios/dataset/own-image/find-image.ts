/** Finds the one image of this machine's platform among what a folder or an archive holds. */
import { basename } from 'node:path'
import {
  archiveSchema,
  configSchema,
  digestOf,
  indexSchema,
  manifestSchema,
  parseDocument,
  wrongImage,
  type Config,
  type Descriptor,
} from './documents.ts'
import type { ImageFiles } from './files.ts'

/** An image's parts, by where they lie. */
export interface FoundImage {
  /** Its reference; null where it has none. */
  reference: string | null
  digest: string
  config: Config
  /** Bottom up. `digest`: of the file as it lies there; null where only that of the archive is known. */
  layers: readonly { path: string; digest: string | null }[]
}

const INDEX_TYPES = /\b(?:image\.index|manifest\.list)\b/
const REFERENCE = 'org.opencontainers.image.ref.name'
const CONTAINERD_REFERENCE = 'io.containerd.image.name'
/** Indexes in an index: an image of several platforms in a layout of one. */
const MOST_NESTED = 4

/** Node's names of processors, as Go and the image specification call them. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' }

/** Returns the architecture of this machine as images name it. */
export function architectureHere(): string {
  return ARCHITECTURES[process.arch] ?? process.arch
}

/** Throws a usage error where there is none, more than one, or one of another platform; and where a digest is wrong. */
export function findImage(files: ImageFiles, path: string): FoundImage {
  const found = files.has('index.json') ? inLayout(files, path) : byManifest(files, path)
  const { os, architecture } = found.config
  if (os !== 'linux' || architecture !== architectureHere())
    throw wrongImage(
      path,
      `it is of ${os}/${architecture}, and this machine is linux/${architectureHere()}`,
      'give the image of this platform: skopeo copy --override-arch',
    )
  return found
}

function inLayout(files: ImageFiles, path: string): FoundImage {
  const { manifests } = parseDocument(indexSchema, files.read('index.json'), path, 'index.json')
  const chosen = chooseManifest(files, path, manifests, 0)
  const reference = chosen.annotations?.[CONTAINERD_REFERENCE] ?? chosen.annotations?.[REFERENCE] ?? null
  return { reference, ...ofManifest(files, path, readBlob(files, path, chosen), blobPath) }
}

/** Returns what a manifest names. `place`: where a blob lies, by its digest. */
function ofManifest(
  files: ImageFiles,
  path: string,
  content: Buffer,
  place: (digest: string) => string,
): Omit<FoundImage, 'reference'> {
  const manifest = parseDocument(manifestSchema, content, path, 'its manifest')
  const { digest } = manifest.config
  const config = parseDocument(configSchema, readBlob(files, path, manifest.config, place), path, digest)
  return {
    digest: digestOf(content),
    config,
    layers: manifest.layers.map((layer) => ({ path: place(layer.digest), digest: layer.digest })),
  }
}

/** Returns the manifest of this platform. One without a platform is of the only one that there is. */
function chooseManifest(
  files: ImageFiles,
  path: string,
  descriptors: readonly Descriptor[],
  depth: number,
): Descriptor {
  if (depth > MOST_NESTED) throw wrongImage(path, 'its indexes lead to each other')
  const here = descriptors.filter(
    ({ platform }) =>
      platform === undefined || (platform.os === 'linux' && platform.architecture === architectureHere()),
  )
  const [first, second] = here
  if (first === undefined) {
    const offered = descriptors.flatMap(({ platform }) => platform?.architecture ?? [])
    throw wrongImage(
      path,
      offered.length === 0
        ? 'there is no image in it'
        : `it has no image of linux/${architectureHere()}, only of ${offered.join(', ')}`,
    )
  }
  if (second !== undefined)
    throw wrongImage(
      path,
      `there are ${here.length} images in it: ${here.map((each) => each.annotations?.[REFERENCE] ?? each.digest).join(', ')}`,
      'give one with a single image: skopeo copy oci:FOLDER:TAG oci:OTHER',
    )
  if (!INDEX_TYPES.test(first.mediaType)) return first
  const { manifests } = parseDocument(indexSchema, readBlob(files, path, first), path, first.digest)
  const inner = chooseManifest(files, path, manifests, depth + 1)
  return { ...inner, annotations: { ...inner.annotations, ...first.annotations } }
}

function readBlob(files: ImageFiles, path: string, { digest }: Descriptor, place = blobPath): Buffer {
  const content = files.read(place(digest))
  requireDigest(path, digest, digestOf(content))
  return content
}

/** Throws a usage error where bytes are not those that their digest names. */
export function requireDigest(path: string, expected: string, seen: string): void {
  if (seen === expected) return
  throw wrongImage(
    path,
    `a file is not what its digest ${expected} says, but ${seen}`,
    'save the image again',
  )
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`
}

/** Returns the image of a docker archive, or of a folder that holds a manifest and its blobs (`skopeo copy … dir:FOLDER`). */
function byManifest(files: ImageFiles, path: string): FoundImage {
  if (!files.has('manifest.json'))
    throw wrongImage(path, 'it holds neither index.json nor manifest.json, so it is no image')
  const content = files.read('manifest.json')
  if (content.toString('latin1').trimStart().startsWith('{'))
    return {
      reference: null,
      ...ofManifest(files, path, content, (digest) => digest.slice('sha256:'.length)),
    }
  return inDockerArchive(files, path, content)
}

function inDockerArchive(files: ImageFiles, path: string, listed: Buffer): FoundImage {
  const entries = parseDocument(archiveSchema, listed, path, 'manifest.json')
  const [only, second] = entries
  if (only === undefined) throw wrongImage(path, 'there is no image in it')
  if (second !== undefined)
    throw wrongImage(
      path,
      `there are ${entries.length} images in it: ${entries.flatMap(({ RepoTags }) => RepoTags ?? []).join(', ')}`,
      'save one image only',
    )
  const content = files.read(only.Config)
  const digest = digestOf(content)
  // `HEX.json`, or `blobs/sha256/HEX`: the name is the digest.
  requireDigest(path, `sha256:${basename(only.Config, '.json')}`, digest)
  return {
    reference: only.RepoTags?.[0] ?? null,
    digest,
    config: parseDocument(configSchema, content, path, only.Config),
    layers: only.Layers.map((layer) => ({ path: layer, digest: null })),
  }
}
