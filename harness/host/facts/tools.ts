import type { CommandResult, Host } from '../../contracts/host.ts'

/** The programs whose version may change what is measured, and the option that makes them tell it. */
const TOOLS: Readonly<Record<string, string>> = {
  fio: '--version',
  runc: '--version',
  crun: '--version',
  'mkfs.ext4': '-V',
  'mkfs.xfs': '-V',
  'mkfs.btrfs': '--version',
  'mkfs.erofs': '--version',
  'fuse-overlayfs': '--version',
  unionfs: '--version',
  'qemu-storage-daemon': '--version',
  zfs: 'version',
}

/** Seconds. A program that only tells its version and takes longer is broken. */
const TIMEOUT = 10

/**
 * The version in what a program said: from the line that names the program (FUSE's programs tell their library's
 * version first), else the first thing that looks like one.
 */
export function versionIn(text: string, program: string): string | null {
  const own = text.split('\n').find((line) => line.includes(program) && VERSION.test(line))
  return VERSION.exec(own ?? text)?.[0] ?? null
}

const VERSION = /\d+\.\d[\w.+~]*/

/** Version by program; one that is not installed is left out, one that does not tell is `unknown`. */
export async function readToolVersions(host: Host): Promise<Record<string, string>> {
  const installed = Object.entries(TOOLS).filter(([program]) => host.which(program) !== null)
  const versions = await Promise.all(installed.map(([program, option]) => versionOf(host, program, option)))
  return Object.fromEntries(installed.map(([program], index) => [program, versions[index] ?? 'unknown']))
}

/** Version of one program, or null where it does not tell. */
export async function versionOf(host: Host, program: string, option = '--version'): Promise<string | null> {
  const result = await ask(host, program, option)
  return result === null ? null : versionIn(`${result.stdout}\n${result.stderr}`, program)
}

async function ask(host: Host, program: string, option: string): Promise<CommandResult | null> {
  try {
    return await host.run(program, [option], { timeout: TIMEOUT, accept: [0, 1] })
  } catch {
    return null
  }
}
