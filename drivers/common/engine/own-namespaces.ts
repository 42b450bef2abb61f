/**
 * Namespaces of an engine that starts containers: whatever it starts ends with it, and nothing of the host's own engine is in reach.
 *
 * - Processes: a daemon leaves its shims and containers running when it is killed. Here they end with the first process.
 * - Network: none but its own loopback.
 * - Mounts: /run is its own, where shims and plugins have fixed places; what it writes below /etc (dockerd: a key) stays in memory; what else is mounted for the run is not held there. Mounts that
 *   the engine makes below the store's backing appear outside, too (mount_namespaces(7), "Shared subtrees").
 */
import type { Host } from '../../../harness/contracts/host.ts'
import { MountFlag } from '../../../harness/contracts/syscalls.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'

const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--ipc']

/** `$1`: the store's folder, which stays; `$2`: the folder whose other mounts go. The daemon's command follows. */
const SCRIPT = `
set -e
own=$1 others=$2; shift 2
while read -r _ _ _ _ target _ optional _; do
  case $target in
    "$own" | "$own"/*) ;;
    "$others"/*)
      # Of another store, whose engine may take it away at this moment. Private first: what is unmounted below a shared one goes elsewhere, too.
      mount --make-private "$target" 2>/dev/null || :
      umount --lazy "$target" 2>/dev/null || : ;;
    *)
      case $optional in shared:*) mount --make-private "$target" ;; esac ;;
  esac
done </proc/self/mountinfo
cd "$own"
mount -t tmpfs tmpfs /run
mkdir -p "$own" /run/etc/upper /run/etc/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work overlay /etc
mount --no-canonicalize --rbind . "$own"
cd /
"$@" &
daemon=$!
trap 'kill "$daemon"' TERM
while kill -0 "$daemon" 2>/dev/null; do wait "$daemon" || :; done
`

export interface OwnPlaces {
  /** The store's folder, with the backing below. */
  directory: string
  /** Mount point of the backing. */
  backing: string
  /** A folder whose mounts are the run's: those of other stores must not be held by the engine. */
  run: string
}

/** Returns the program and arguments that start a command in namespaces of its own. Call {@link shareBacking} before. */
export function inOwnNamespaces(
  { directory, run }: OwnPlaces,
  command: readonly string[],
): { program: string; args: string[] } {
  const args = [...NAMESPACES, '--propagation', 'unchanged', 'sh', '-c', SCRIPT, 'sh', directory, run]
  return { program: 'unshare', args: [...args, ...command] }
}

/** Makes what the engine mounts below the backing appear here, too. */
export function shareBacking({ syscalls }: Host, { backing }: OwnPlaces): void {
  syscalls.mount('none', backing, 'none', MountFlag.shared, '')
}

/** Unmounts what an engine has left below the backing: mounts that appeared here do not end with its namespace. */
export function unmountLeft({ syscalls }: Host, { backing }: Pick<OwnPlaces, 'backing'>): void {
  const left = readMounts().filter(({ target }) => target.startsWith(`${backing}/`))
  for (const { target } of left.toReversed()) syscalls.umount(target)
}
