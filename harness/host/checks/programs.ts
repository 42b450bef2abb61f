import type { Host } from '../../contracts/host.ts'
import { setUpCommand } from '../facts/package-folder.ts'
import { versionOf } from '../facts/tools.ts'
import { missing, ok, SET_UP, type Check } from './check.ts'

/** Programs, and what goes without them. */
const PROGRAMS = {
  'mkfs.ext4': 'anything: it formats the default scratch',
  'mkfs.xfs': 'the @xfs configurations and blockcow',
  'mkfs.btrfs': 'btrfs and the @btrfs configurations',
  'mkfs.erofs': 'erofs',
  'qemu-img': 'blockcow with qcow2',
  'qemu-storage-daemon': 'blockcow with qcow2',
  'fuse-overlayfs': 'fuse-overlayfs',
  unionfs: 'unionfs-fuse',
} as const

export async function checkFio(host: Host): Promise<Check> {
  const subject = { id: 'fio', title: 'fio', needed: true }
  if (host.which('fio') === null) return missing(subject, 'not installed', SET_UP)
  const version = await versionOf(host, 'fio')
  if (version === null)
    return missing(subject, 'installed, and does not run', `install it again: ${setUpCommand()}`)
  return ok(subject, version)
}

/** The programs that make file systems and serve mounts, as one line. */
export function checkPrograms(host: Host): Check {
  const absent = Object.entries(PROGRAMS).filter(([program]) => host.which(program) === null)
  const subject = {
    id: 'programs',
    title: 'other programs',
    needed: absent.some(([program]) => program === 'mkfs.ext4'),
  }
  if (absent.length === 0) return ok(subject, Object.keys(PROGRAMS).join(', '))
  const names = absent.map(([program]) => program).join(', ')
  const losses = [...new Set(absent.map(([, use]) => use))].join(', ')
  return missing(
    subject,
    `not installed: ${names}`,
    `${setUpCommand()} installs them; without them: no ${losses}`,
  )
}
