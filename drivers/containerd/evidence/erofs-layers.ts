/**
 * Evidence of erofs: a container is an overlay, whose lower directories are the mounted images of the layers. A view of a single layer is its
 * image, mounted through a loop device.
 */
import { dirname, join } from 'node:path'
import type { Host } from '../../../harness/contracts/host.ts'
import type { MountedBacking } from '../../common/backing.ts'
import { exists } from '../../common/exists.ts'
import { readLoopMounts } from '../../common/loop/loop-mounts.ts'
import type { Evidence } from './evidence.ts'
import { lowersOf, overlayEvidence } from './overlay.ts'

const IMAGE = 'layer.erofs'

export function erofsEvidence(host: Host, backing: MountedBacking, text: string): Evidence {
  const overlay = overlayEvidence(host, backing, text)
  return {
    ...overlay,
    countMounts(held) {
      const [mount] = held.mounts
      if (mount?.type !== 'erofs') return overlay.countMounts(held)
      return readLoopMounts().filter(({ file }) => file === mount.source).length
    },
    /** The kernel reads an image through the page cache of its file, too. */
    cacheFiles(held) {
      const [mount] = held.mounts
      if (mount?.type === 'erofs') return () => [mount.source]
      return (path) => {
        const lower = lowersOf(held.mounts).find((directory) => exists(join(directory, path)))
        return lower === undefined ? [] : [join(dirname(lower), IMAGE)]
      }
    },
  }
}
