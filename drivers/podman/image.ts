/** An image of podman on a layer: its store keeps layers without one, and a container has to have one. */
import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Storage } from './storage.ts'

/** Makes an image whose top layer is `layer`, and returns its id. `directory`: for files that are removed at once. */
export async function createImage(storage: Storage, layer: string, directory: string): Promise<string> {
  // The id is the configuration's digest, so that has to be another one for each layer.
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    author: layer,
    config: {},
    rootfs: { type: 'layers', diff_ids: [] },
  })
  const id = createHash('sha256').update(config).digest('hex')
  await storage.run('create-image', '--id', id, layer)
  const data = { manifest: manifestOf(id, config.length), [`sha256:${id}`]: config }
  const file = join(directory, 'image-data')
  for (const [name, text] of Object.entries(data)) {
    writeFileSync(file, text)
    await storage.run('set-image-data', '--file', file, id, name)
  }
  rmSync(file)
  return id
}

/** Returns an image manifest of OCI (image-spec, manifest.md). podman does not ask for its layers, which the store knows. */
function manifestOf(digest: string, size: number): string {
  const mediaType = (what: string) => `application/vnd.oci.image.${what}.v1+json`
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaType('manifest'),
    config: { mediaType: mediaType('config'), digest: `sha256:${digest}`, size },
    layers: [],
  })
}
