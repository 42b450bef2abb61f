/** The registry: one line a driver. */
import type { Driver } from '../harness/contracts/driver.ts'
import { aufs } from './aufs/index.ts'
import { bare } from './bare/index.ts'
import { blockcow } from './blockcow/index.ts'
import { btrfs } from './btrfs/index.ts'
import { containerd } from './containerd/index.ts'
import { devicemapper } from './devicemapper/index.ts'
import { docker } from './docker/index.ts'
import { erofs } from './erofs/index.ts'
import { fuseOverlayfs } from './fuse-overlayfs/index.ts'
import { overlay2 } from './overlay2/index.ts'
import { podman } from './podman/index.ts'
import { unionfsFuse } from './unionfs-fuse/index.ts'
import { vfs } from './vfs/index.ts'
import { windowsfilter } from './windowsfilter/index.ts'
import { zfs } from './zfs/index.ts'

export const drivers: readonly Driver[] = [
  bare,
  overlay2,
  erofs,
  btrfs,
  vfs,
  blockcow,
  devicemapper,
  zfs,
  fuseOverlayfs,
  unionfsFuse,
  aufs,
  windowsfilter,
  ...containerd,
  ...docker,
  ...podman,
]
