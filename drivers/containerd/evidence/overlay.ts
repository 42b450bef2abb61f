/** Evidence of overlayfs: the upper directory of the mount holds what the container changed. */
import { join } from 'node:path'
import type { Host } from '../../../harness/contracts/host.ts'
import type { Mount } from '../../../harness/contracts/snapshotter.ts'
import { extentBytes } from '../../../harness/linux/fiemap.ts'
import { isSourceMounted, readMounts, type MountRow } from '../../../harness/linux/mountinfo.ts'
import type { MountedBacking } from '../../common/backing.ts'
import { createBindCounter } from '../../common/bind-counter.ts'
import { exists } from '../../common/exists.ts'
import { hiddenBy } from '../../common/hidden-by.ts'
import { overlayCondition } from '../../common/engine/overlay-condition.ts'
import { overlayOptionsOf } from '../../common/overlay-parameters.ts'
import type { ApiMount } from '../api.ts'
import type { Evidence, Held } from './evidence.ts'

/** `text`: the configuration, for messages. */
export function overlayEvidence(host: Host, backing: MountedBacking, text: string): Evidence {
  const binds = createBindCounter(backing.path)
  const own = (held: Held) => upperOf(held.mounts)
  return {
    countsInodes: true,
    mountsOf: (mounts, id) => mounts.map((mount) => named(mount, `${backing.path}/${id}`)),
    countMounts({ mounts }) {
      const [mount] = mounts
      if (mount === undefined) return 0
      return mount.type === 'overlay' ? Number(isSourceMounted(mount.source)) : binds.count(mount.source)
    },
    provenance(held, path) {
      const file = join(own(held) ?? '', path)
      const isOwn = own(held) !== null && exists(file)
      if (!isOwn) return { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }
      if (host.syscalls.lgetxattr(file, 'trusted.overlay.metacopy') !== null)
        return { layer: 'upper', sharedBytes: null, exclusiveBytes: 0 }
      return { layer: 'upper', ...extentBytes(host.syscalls, file) }
    },
    condition(active) {
      const [row] = rowsOf(active)
      return row === undefined ? {} : overlayCondition(row, { text })
    },
    changes(held) {
      const [row] = rowsOf([held])
      const { metacopy, redirect_dir: redirect } = overlayOptionsOf(row?.superOptions ?? '')
      return metacopy === 'on' || redirect === 'on' || held.kind !== 'active' ? null : own(held)
    },
    hiddenBy: (held, path) => hiddenBy(host.syscalls, own(held) ?? '', path),
    cacheFiles: (held) => {
      const layers = [own(held), ...lowersOf(held.mounts)].filter((layer) => layer !== null)
      return (path) => {
        const file = layers.map((layer) => join(layer, path)).find(exists)
        return file === undefined ? [] : [file]
      }
    },
  }
}

/** The source of an overlay mount is only a name; by one of its own, the store knows that the snapshot is in use. */
function named({ type, source, options }: ApiMount, name: string): Mount {
  return { type, source: type === 'overlay' ? name : source, options }
}

/** Returns the directory that takes changes; null of a view. A snapshot without a parent is bound itself. */
function upperOf([mount]: readonly Mount[]): string | null {
  if (mount === undefined || mount.options.includes('ro')) return null
  if (mount.type !== 'overlay') return mount.source
  return optionOf(mount, 'upperdir') ?? null
}

export function lowersOf([mount]: readonly Mount[]): string[] {
  if (mount === undefined) return []
  if (mount.type !== 'overlay') return mount.options.includes('ro') ? [mount.source] : []
  return optionOf(mount, 'lowerdir')?.split(':') ?? []
}

function optionOf({ options }: Mount, name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
}

function rowsOf(active: readonly Held[]): MountRow[] {
  const sources = new Set(active.flatMap(({ mounts }) => mounts.map(({ source }) => source)))
  return readMounts().filter(({ type, source }) => type === 'overlay' && sources.has(source))
}
