import { readMounts, type MountRow } from '../../linux/mountinfo.ts'
import { isRoot } from '../../linux/privilege.ts'
import { BE_ROOT, missing, ok, warning, type Check } from './check.ts'

/** LOOP_CONFIGURE came with 5.8: a loop device is set up with all its options in one step. */
const OLDEST_KERNEL = [5, 8] as const
/** fsconfig's `lowerdir+` came with 6.5; before it all lower directories have to fit mount(2)'s one page. */
const FSCONFIG_LAYERS = [6, 5] as const

export function checkRoot(): Check {
  const subject = { id: 'root', title: 'root', needed: true }
  return isRoot() ? ok(subject, 'yes') : missing(subject, 'no: mounting and formatting need root', BE_ROOT)
}

export function checkKernel(release: string): Check {
  const subject = { id: 'kernel', title: 'kernel', needed: true }
  if (!atLeast(release, OLDEST_KERNEL)) {
    return missing(subject, release, `needs Linux ${OLDEST_KERNEL.join('.')} or later, for its loop devices`)
  }
  if (!atLeast(release, FSCONFIG_LAYERS)) {
    return ok(subject, `${release}; overlay takes its layers in one page of options, some 120 of them`)
  }
  return ok(subject, release)
}

/** Returns whether a release (`6.18.4-cloud`) is that version or a later one. */
export function atLeast(release: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = release.split(/[.-]/).map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

export function checkCgroups(): Check {
  const subject = { id: 'cgroups', title: 'control groups' }
  const layout = cgroupLayout(readMounts())
  if (layout === 'v2') return ok(subject, 'version 2')
  if (layout === null) {
    return missing(subject, 'not mounted', 'mount -t cgroup2 none /sys/fs/cgroup; without it: no startup')
  }
  if (layout === 'v1') return ok(subject, 'version 1')
  const mend = 'runc works with it; for crun boot with systemd.unified_cgroup_hierarchy=1'
  return warning(subject, 'hybrid: version 1 with an empty version 2 beside it', mend)
}

/** Returns which control group hierarchies the mount table shows. */
export function cgroupLayout(mounts: readonly Pick<MountRow, 'type'>[]): 'v1' | 'v2' | 'hybrid' | null {
  const types = new Set(mounts.map(({ type }) => type))
  if (types.has('cgroup')) return types.has('cgroup2') ? 'hybrid' : 'v1'
  return types.has('cgroup2') ? 'v2' : null
}
