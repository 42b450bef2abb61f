/** An OCI image layout in a folder: what other programs read and write. Image specification of the OCI, "image-layout.md". */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { architectureHere } from '../dataset/own-image/find-image.ts'
import { digestOf } from '../image/blobs.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

const descriptor = z.object({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number(),
})
type Descriptor = z.infer<typeof descriptor>

const indexSchema = z.object({ manifests: z.array(descriptor) })
const manifestSchema = z.object({ layers: z.array(descriptor) })

/** Writes an image of these layers, compressed by gzip, under a tag. `starts`: what its configuration says of its process. */
export function writeLayout(
  folder: string,
  tag: string,
  layers: readonly Buffer[],
  starts: object = {},
  architecture = architectureHere(),
): void {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true })
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const config = {
    architecture,
    os: 'linux',
    config: starts,
    rootfs: { type: 'layers', diff_ids: layers.map((blob) => `sha256:${digestOf(gunzipSync(blob))}`) },
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: writeBlob(folder, json(config), CONFIG),
    layers: layers.map((blob) => writeBlob(folder, blob, LAYER)),
  }
  const annotations = { 'org.opencontainers.image.ref.name': tag }
  const index = {
    schemaVersion: 2,
    manifests: [{ ...writeBlob(folder, json(manifest), MANIFEST), annotations }],
  }
  writeFileSync(join(folder, 'index.json'), json(index))
  writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }))
}

function writeBlob(folder: string, content: Buffer, mediaType: string): Descriptor {
  const digest = digestOf(content)
  writeFileSync(join(folder, 'blobs/sha256', digest), content)
  return { mediaType, digest: `sha256:${digest}`, size: content.length }
}

/** Returns the archives of the layers of the last image of a layout, in order. Throws where a blob has another digest. */
export function readLayers(folder: string): Buffer[] {
  const index = indexSchema.parse(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')))
  const last = index.manifests.at(-1)
  if (last === undefined) throw new Error(`${folder} has no image`)
  const { layers } = manifestSchema.parse(JSON.parse(readBlob(folder, last).toString()))
  return layers.map((one) => {
    const blob = readBlob(folder, one)
    return one.mediaType.endsWith('gzip') ? gunzipSync(blob) : blob
  })
}

function readBlob(folder: string, { digest, size }: Descriptor): Buffer {
  const content = readFileSync(join(folder, 'blobs', digest.replace(':', '/')))
  if (content.length !== size || `sha256:${digestOf(content)}` !== digest)
    throw new Error(`the blob ${digest} is not what its name says`)
  return content
}
