/**
 * The documents of an image: the index, the manifest and the configuration of the OCI (image specification 1.1: image-index.md,
 * manifest.md, config.md), and the manifest of a docker archive (moby's image/spec/v1.2.md, "Combined Image JSON").
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { messageOf, usageError, type BenchError } from '../../../harness/contracts/error.ts'

const SHA256 = /^sha256:[0-9a-f]{64}$/

const digest = z.string().regex(SHA256, { error: 'is no digest of SHA-256' })

const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
})

export const descriptorSchema = z.object({
  mediaType: z.string().default(''),
  digest,
  size: z.number().int().nonnegative(),
  platform: platformSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
})

export const indexSchema = z.object({ manifests: z.array(descriptorSchema) })

export const manifestSchema = z.object({ config: descriptorSchema, layers: z.array(descriptorSchema) })

export const archiveSchema = z.array(
  z.object({
    Config: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    Layers: z.array(z.string()),
  }),
)

const words = z.array(z.string()).nullish()

export const configSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  config: z
    .object({
      Entrypoint: words,
      Cmd: words,
      Env: words,
      WorkingDir: z.string().nullish(),
      User: z.string().nullish(),
    })
    .nullish(),
  rootfs: z.object({ diff_ids: z.array(digest) }),
})

export type Descriptor = z.infer<typeof descriptorSchema>
export type Config = z.infer<typeof configSchema>

/** Parses a document; throws a usage error that names it. */
export function parseDocument<T>(schema: z.ZodType<T>, content: Buffer, image: string, name: string): T {
  let value: unknown
  try {
    value = JSON.parse(content.toString('utf8'))
  } catch (error) {
    throw wrongImage(image, `${name} is no JSON: ${messageOf(error)}`)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw wrongImage(image, `${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`)
}

const KINDS =
  'give an OCI layout (a folder, or a tar of it), or what docker save or podman save wrote; ' +
  'skopeo copy SOURCE oci:FOLDER makes one of an image that is anywhere else'

export function wrongImage(path: string, message: string, hint = KINDS): BenchError {
  return usageError('image', `--image ${path}: ${message}`, hint)
}

/** Returns the digest of a document, as others name it. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
