/**
 * The tree that the layers of an image make, as a model in memory: what every driver has to show. It is made of the archives
 * alone, so that it says what the unpacked tree must be and not what it is (image specification of the OCI, layer.md).
 */
import { createHash } from 'node:crypto'
import type { ManifestEntry } from '../../../harness/contracts/image.ts'
import { attributesOfImage } from '../../../harness/linux/extended-attributes.ts'
import { hiddenName, innerPath } from '../../common/archive/apply.ts'
import { archiveError } from '../../common/archive/block.ts'
import { OPAQUE, WHITEOUT } from '../../common/archive/diff.ts'
import type { TarEntry } from '../../common/archive/header.ts'
import { readArchive, type Content } from '../../common/archive/reader.ts'

/** Names that begin so are aufs' own. */
const AUFS = '.wh..wh.'
const DIRECTORY_MODE = 0o755
const LINK_MODE = 0o777
const MOST_LINKS = 40

/** A file, by all of its names. */
interface Node extends Omit<ManifestEntry, 'path'> {
  /** Of a directory. */
  children: Map<string, Node> | null
  /** Where a file's bytes lie; null where they are not in one piece, and for other entries. */
  place: ContentPlace | null
}

/** Bytes in the archive of a layer. */
export interface ContentPlace {
  /** Number of the layer, from the bottom. */
  layer: number
  /** Offset of the first byte. */
  at: number
}

export interface Union {
  manifest: ReadonlyMap<string, ManifestEntry>
  places: ReadonlyMap<string, ContentPlace>
}

/** Reads the archives, bottom up. Throws `archive.*` for what may not be unpacked. */
export function unionOf(archives: readonly string[]): Union {
  const root = directoryNode(DIRECTORY_MODE, 0, 0)
  for (const [layer, archive] of archives.entries()) {
    const above = new Above(root, layer)
    readArchive(archive, (entry, content, at) => above.entry(entry, content, at))
  }
  return listed(root)
}

/** One layer, as it comes over those below. */
class Above {
  readonly #root: Node
  readonly #layer: number
  /** What this layer has brought: its opaque directories do not hide that. */
  readonly #brought = new Set<Node>()

  constructor(root: Node, layer: number) {
    this.#root = root
    this.#layer = layer
  }

  entry(entry: TarEntry, content: Content, at: number | null): void {
    const steps = innerPath(entry.path).split('/')
    const name = steps.pop() as string
    if (name === '.') return
    const directory = this.#directory(steps)
    const children = directory.children as Map<string, Node>
    if (name === OPAQUE) return this.#hideAll(children)
    if (name.startsWith(AUFS)) return
    if (name.startsWith(WHITEOUT)) return void children.delete(hiddenName(entry.path, name))
    const there = children.get(name)
    const node = this.#nodeOf(entry, content, at, there)
    children.set(name, node)
    this.#brought.add(directory)
    this.#brought.add(node)
  }

  #nodeOf(entry: TarEntry, content: Content, at: number | null, there: Node | undefined): Node {
    if (entry.type === 'link') return this.#find(entry.target)
    const { mode, uid, gid } = entry
    const attributes = attributesOfImage(entry.attributes)
    if (entry.type === 'directory' && there?.type === 'directory') {
      delete there.attributes
      return Object.assign(there, { mode, uid, gid, ...attributes })
    }
    const common = { mode, uid, gid, size: 0, digest: '', children: null, place: null, ...attributes }
    switch (entry.type) {
      case 'directory':
        return { ...common, type: 'directory', children: new Map() }
      case 'symlink':
        return { ...common, type: 'symlink', mode: LINK_MODE, digest: entry.target }
      case 'file':
        return {
          ...common,
          type: 'file',
          size: entry.size,
          digest: digestOf(content),
          place: at === null ? null : { layer: this.#layer, at },
        }
      case 'fifo':
        return { ...common, type: 'special', digest: 'p' }
      case 'character':
      case 'block':
        return { ...common, type: 'special', digest: `${entry.type[0]} ${entry.major}:${entry.minor}` }
    }
  }

  /** Returns the file that a hard link names. */
  #find(path: string): Node {
    const steps = innerPath(path).split('/')
    const name = steps.pop() as string
    const found = this.#directory(steps).children?.get(name)
    if (found === undefined)
      throw archiveError('link', `a hard link leads to ${JSON.stringify(path)}, which is not there`)
    return found
  }

  /** Returns the directory that a path leads to, made where it is not there; links are followed as from within the tree. */
  #directory(path: readonly string[]): Node {
    let steps = [...path]
    let walked: string[] = []
    let at = this.#root
    for (let links = 0; steps.length > 0;) {
      const [name = '', ...rest] = steps
      steps = rest
      const children = at.children as Map<string, Node>
      const next = children.get(name)
      if (next === undefined) {
        const made = directoryNode(DIRECTORY_MODE, 0, 0)
        children.set(name, made)
        this.#brought.add(made)
        at = made
      } else if (next.type === 'symlink') {
        links += 1
        if (links > MOST_LINKS)
          throw archiveError('links', `${path.join('/')} goes through too many symbolic links`)
        steps = [...stepsWithin(next.digest.startsWith('/') ? [] : walked, next.digest), ...steps]
        walked = []
        at = this.#root
        continue
      } else if (next.children === null) throw archiveError('path', `${path.join('/')} goes through a file`)
      else at = next
      walked = [...walked, name]
      this.#brought.add(at)
    }
    return at
  }

  #hideAll(children: Map<string, Node>): void {
    for (const [name, node] of children) {
      if (!this.#brought.has(node)) children.delete(name)
      else if (node.children !== null) this.#hideAll(node.children)
    }
  }
}

/** Returns the steps from the root to where a link leads; `..` stops at the root. */
function stepsWithin(from: readonly string[], target: string): string[] {
  const steps = [...from]
  for (const step of target.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps
}

function directoryNode(mode: number, uid: number, gid: number): Node {
  return { type: 'directory', mode, uid, gid, size: 0, digest: '', children: new Map(), place: null }
}

function digestOf(content: Content): string {
  const hash = createHash('sha256')
  content((piece) => hash.update(piece))
  return hash.digest('hex')
}

function listed(root: Node): Union {
  const manifest = new Map<string, ManifestEntry>()
  const places = new Map<string, ContentPlace>()
  const first = new Map<Node, ManifestEntry>()
  function visit(node: Node, folder: string): void {
    for (const [name, child] of node.children ?? []) {
      const { children, place, ...rest } = child
      const entry: ManifestEntry = { path: `${folder}${name}`, ...rest }
      const other = first.get(child)
      if (other === undefined) first.set(child, entry)
      else entry.firstName = other.firstName = other.path
      manifest.set(entry.path, entry)
      if (place !== null) places.set(entry.path, place)
      if (children !== null) visit(child, `${entry.path}/`)
    }
  }
  visit(root, '')
  return { manifest, places }
}
