/** Drivers that cheat: what they hand out as a fresh container has been worked on beforehand. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '../../../contracts/driver.ts'
import type { Host } from '../../../contracts/host.ts'
import type { Mount, Snapshotter } from '../../../contracts/snapshotter.ts'
import type { Provenance } from '../../../contracts/witness.ts'

/** Does what `prepare` does, in its own way. */
export type Cheat = (stage: {
  host: Host
  honest: Snapshotter
  key: string
  parent: string
}) => Promise<readonly Mount[]>

/** A driver that is honest until the test makes it cheat. */
export interface Cheater {
  driver: Driver
  /** From now on. `denies`: it says of every file that the container has nothing of its own. */
  cheat(how: Cheat | null, denies?: boolean): void
  /** From now on: these verbs are carried out otherwise. */
  replace(how: Replacement | null): void
}

/** Returns verbs of a store to take the place of its own. */
export type Replacement = (stage: { host: Host; honest: Snapshotter }) => Partial<Verbs>

type Verbs = Pick<Snapshotter, 'prepare' | 'provenance' | 'commit' | 'remove' | 'usage' | 'changes'>

export function cheater(driver: Driver): Cheater {
  let cheat: Cheat | null = null
  let denying = false
  let replacement: Replacement | null = null
  return {
    driver: {
      meta: driver.meta,
      // The driver's own tests tell whether it runs here.
      probe: async () => ({ ok: true }),
      async open(host, config, scratch) {
        const honest = await driver.open(host, config, scratch)
        const replaced = remember((how: Replacement) => how({ host, honest }))
        return replacing(honest, () => ({
          prepare: async (key, parent) =>
            cheat === null || parent === null
              ? honest.prepare(key, parent)
              : cheat({ host, honest, key, parent }),
          async provenance(key, path) {
            const seen = await honest.provenance(key, path)
            return denying ? withNothingOwn(seen) : seen
          },
          ...(replacement === null ? {} : replaced(replacement)),
        }))
      },
    },
    cheat(how, denies = false) {
      cheat = how
      denying = denies
    },
    replace(how) {
      replacement = how
    },
  }
}

/** What a replacement knows it keeps from one verb to the next. */
function remember<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { value: V }>()
  return (key) => {
    const found = known.get(key) ?? { value: make(key) }
    known.set(key, found)
    return found.value
  }
}

function withNothingOwn({ layer, sharedBytes, exclusiveBytes }: Provenance): Provenance {
  return { layer, sharedBytes: (sharedBytes ?? 0) + (exclusiveBytes ?? 0), exclusiveBytes: 0 }
}

/** A class with private fields answers only as itself, so its methods stay bound to it. */
function replacing(honest: Snapshotter, verbs: () => Readonly<Partial<Verbs>>): Snapshotter {
  return new Proxy(honest, {
    get(target, name) {
      const other = Reflect.get(verbs(), name) as unknown
      if (other !== undefined) return other
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** Changes a byte of the container's file and changes it back: all as before, and the copy is made. */
export function plant(path: string, offset: number): Cheat {
  return onTheWay((root) => rewrite(join(root, path), offset, 1))
}

/** Leaves a wrong byte in the container's file. */
export function spoil(path: string, offset: number): Cheat {
  return onTheWay((root) => {
    const fd = openSync(join(root, path), 'r+')
    const byte = Buffer.alloc(1)
    readSync(fd, byte, 0, 1, offset)
    writeSync(fd, Buffer.of(byte.readUInt8() ^ 0xff), 0, 1, offset)
    closeSync(fd)
  })
}

/** Rewrites the whole file with its own content. */
export function plantWhole(path: string): Cheat {
  return onTheWay((root) => rewrite(join(root, path), 0, statSync(join(root, path)).size))
}

/** Works on the container before it is handed out. */
export function onTheWay(work: (root: string) => void): Cheat {
  return async ({ host, honest, key, parent }) => {
    const mounts = await honest.prepare(key, parent)
    await whileMounted(host, mounts, (root) => work(root))
    await honest.settle()
    return mounts
  }
}

function rewrite(file: string, offset: number, length: number): void {
  const fd = openSync(file, 'r+')
  const content = Buffer.alloc(length)
  readSync(fd, content, 0, length, offset)
  writeSync(
    fd,
    content.map((byte) => byte ^ 0xff),
    0,
    length,
    offset,
  )
  fsyncSync(fd)
  writeSync(fd, content, 0, length, offset)
  fsyncSync(fd)
  closeSync(fd)
}

/** A full copy that was not written: each file is made from the parent's by `imitate`. */
export function imitation(imitate: (host: Host, from: string, to: string) => Promise<void>): Cheat {
  return async ({ host, honest, key, parent }) => {
    const mounts = await honest.prepare(key, null)
    const view = await honest.view(`${key}-parent`, parent)
    await whileMounted(host, view, (from) =>
      whileMounted(host, mounts, (to) =>
        imitateTree(host, sourceOf(view, from), sourceOf(mounts, to), imitate),
      ),
    )
    await honest.remove(`${key}-parent`)
    return mounts
  }
}

/** Returns the source directory of a bind mount: hard links do not work across mounts. */
function sourceOf([mount]: readonly Mount[], target: string): string {
  return mount?.type === 'bind' ? mount.source : target
}

export const byHardLinks = imitation(async (_, from, to) => linkSync(from, to))

export const byHoles = imitation(async (_, from, to) => {
  writeFileSync(to, '')
  truncateSync(to, statSync(from).size)
})

export const byClones = imitation(async (host, from, to) => {
  await host.run('cp', ['--reflink=always', '--preserve=all', from, to])
})

async function imitateTree(
  host: Host,
  from: string,
  to: string,
  imitate: (host: Host, from: string, to: string) => Promise<void>,
): Promise<void> {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isFile()) await imitate(host, source, target)
    if (!entry.isDirectory()) continue
    mkdirSync(target)
    await imitateTree(host, source, target, imitate)
  }
}

async function whileMounted(
  host: Host,
  mounts: readonly Mount[],
  work: (root: string) => void | Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'bench-test-'))
  await host.mount(mounts, root)
  try {
    await work(root)
  } finally {
    await host.unmount(root)
    rmdirSync(root)
  }
}

/** A fork that stands on the image, not on the layer that it was forked from. */
export const onTheImage: Replacement = ({ honest }) => {
  let image: string | null = null
  return {
    prepare(key, parent) {
      image ??= parent
      return honest.prepare(key, image)
    },
  }
}

/** Returns a commit that loses something on the way. */
export function losing(path: string): Replacement {
  return ({ host, honest }) => ({
    async commit(name, key) {
      await whileMounted(host, await honest.mounts(key), (root) =>
        rmSync(join(root, path), { recursive: true, force: true }),
      )
      await honest.commit(name, key)
    },
  })
}

/** Returns a commit that brings something of its own. */
export function bringing(path: string): Replacement {
  return ({ host, honest }) => ({
    async commit(name, key) {
      await whileMounted(host, await honest.mounts(key), (root) => writeFileSync(join(root, path), 'brought'))
      await honest.commit(name, key)
    },
  })
}

/** A store that says that nothing holds anything. */
export const denyingUse: Replacement = () => ({ usage: async () => ({ bytes: 0, inodes: 0 }) })

/** A store that knows where all that was changed lies, and is wrong. */
export const changesNowhere: Replacement = () => ({
  changes: async () => mkdtempSync(join(tmpdir(), 'bench-test-')),
})

/** A store that says that a container is deleted, and keeps it. */
export const keepingContainers: Replacement = ({ honest }) => ({
  async remove(key) {
    if (!key.startsWith('container')) await honest.remove(key)
  },
})
