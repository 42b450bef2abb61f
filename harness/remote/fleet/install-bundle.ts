import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { lastLines } from '../../linux/last-lines.ts'
import type { Connection } from '../ssh/connection.ts'
import { MAIN, type Bundle } from './bundle.ts'

/** Returns the command line of this program on a host that has the bundle. */
export function programOn({ directory }: RemoteHost, { hash }: Pick<Bundle, 'hash'>): string[] {
  const folder = `${directory}/bundle/${hash}`
  return [`${folder}/node`, `${folder}/${MAIN}`]
}

/**
 * Unpacked beside and renamed, so that a folder with the hash's name is always whole; written back first, so that it still
 * is after a power cut. Two who send it at once do not disturb each other. Arguments: the bundles' folder, the hash.
 */
const UNPACK = `set -eu
umask 022
mkdir -p "$1"
part=$(mktemp -d "$1/.$2.XXXXXX")
trap 'rm -rf "$part"' EXIT
chmod 755 "$part"
gzip -dc | tar -x -f - -C "$part" --no-same-owner
sync -f "$part" 2>/dev/null || sync
touch "$part"
mv -T "$part" "$1/$2" 2>/dev/null || test -d "$1/$2"
ln -sfn "$2" "$1/current"
`
/** Age after which the folder of a process killed while unpacking is removed. Minutes. */
const ABANDONED = 60
const REMOVE_ABANDONED = `test ! -d "$1" || find "$1" -mindepth 1 -maxdepth 1 -name '.*' -mmin +${ABANDONED} -exec rm -rf {} +`
/** Seconds: 40 MB over a slow line, to an emulated machine. */
const LONGEST = 900

/** Sends the bundle to a host that does not have it. Returns whether it had to be sent. */
export async function installBundle(
  connection: Connection,
  bundle: Bundle,
  signal?: AbortSignal,
): Promise<boolean> {
  const options = signal === undefined ? {} : { signal }
  const folder = `${connection.host.directory}/bundle`
  const [, main = ''] = programOn(connection.host, bundle)
  const { exitCode } = await connection.run(['test', '-e', main], options)
  if (exitCode === 0) return false
  await connection.run(['sh', '-c', REMOVE_ABANDONED, 'sh', folder], options)
  const args = ['sh', '-c', UNPACK, 'sh', folder, bundle.hash]
  const sent = await connection.sendFile(bundle.archive, args, { ...options, timeout: LONGEST })
  if (sent.exitCode === 0) return true
  throw new BenchError(`the bundle could not be unpacked in ${folder}: ${lastLines(sent.stderr)}`, {
    code: 'bundle.unpack',
    hint: 'the host needs gzip, tar, 200 MB of disk, and root or ansible_become',
    exitCode: ExitCode.hostNotReady,
  })
}
