/** An image in the cache: a folder with `image.json` and the files that it names. */
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import type { LabImage } from './types.ts'

const FILE = 'image.json'

/** Paths are relative to the folder, so that the cache can be moved. */
const imageSchema = z.object({
  kind: z.enum(['qemu', 'uml']),
  flavour: z.string(),
  kernel: z.string(),
  kernelRelease: z.string().nullable(),
  initrd: z.string().nullable(),
  root: z.string(),
  modules: z.string().nullable(),
  commandLine: z.string(),
  systemd: z.boolean(),
})

const PATHS = ['kernel', 'initrd', 'root', 'modules'] as const

export async function writeImage(folder: string, image: Omit<LabImage, 'hash' | 'folder'>): Promise<void> {
  const file = imageSchema.parse(image)
  for (const name of PATHS) {
    const path = file[name]
    if (path !== null) file[name] = relative(folder, path)
  }
  await writeFile(join(folder, FILE), `${JSON.stringify(file, null, 2)}\n`)
}

export function readImage(folder: string): LabImage {
  const image = imageSchema.parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')))
  for (const name of PATHS) {
    const path = image[name]
    if (path !== null) image[name] = resolve(folder, path)
  }
  return { ...image, hash: basename(folder), folder }
}
