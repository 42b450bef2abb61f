/** Extended attributes of a file: xattr(7). */
import type { ManifestEntry } from '../contracts/image.ts'
import { errnoOf, type Syscalls } from '../contracts/syscalls.ts'

export type AttributeCalls = Pick<Syscalls, 'llistxattr' | 'lgetxattr'>

/** The host's own label, which no layer brings. */
export const OF_THE_HOST: ReadonlySet<string> = new Set(['security.selinux'])

/** Returns the extended attributes that belong into a layer, by name. */
export function attributesOf(calls: AttributeCalls, path: string): Map<string, Buffer> {
  const attributes = new Map<string, Buffer>()
  for (const name of attributeNames(calls, path)) {
    const value = calls.lgetxattr(path, name)
    if (value !== null) attributes.set(name, value)
  }
  return attributes
}

/** Namespaces of what unions make for themselves, which belong into no layer. */
const OF_UNIONS = ['trusted.overlay.', 'user.fuseoverlayfs.']

/** Returns the names of the attributes that belong into a layer. A file system that has none says so when it is asked. */
export function attributeNames(calls: Pick<AttributeCalls, 'llistxattr'>, path: string): string[] {
  try {
    return calls.llistxattr(path).filter((name) => !OF_UNIONS.some((own) => name.startsWith(own)))
  } catch (error) {
    if (errnoOf(error) === 'ENOTSUP') return []
    throw error
  }
}

/** Returns, as an entry of an image has them, those that an image may have brought: not the host's own; nothing where there are none. */
export function attributesOfImage(found: ReadonlyMap<string, Buffer>): Pick<ManifestEntry, 'attributes'> {
  const attributes = [...found].filter(([name]) => !OF_THE_HOST.has(name))
  if (attributes.length === 0) return {}
  return { attributes: Object.fromEntries(attributes.map(([name, value]) => [name, value.toString('hex')])) }
}
