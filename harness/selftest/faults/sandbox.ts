/**
 * A machine to be harmed: namespaces of its own, and as its root what this machine has, with every change kept apart. The
 * files of this machine are the lower layer of an overlay, so that whatever is deleted or written shows in the upper one.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createLoops } from '../../host/loops.ts'
import { createSyscalls } from '../../host/syscalls.ts'
import { inProcessNamespace } from '../../linux/privilege.ts'
import { readAnswers } from './answers.ts'
import { bounded } from './bounded.ts'
import { REPOSITORY } from './program.ts'
import type { Answer } from './table.ts'
/** The descriptor by which the program in the sandbox looks at the upper layer from outside. */
export const UPPER = 9

/** Arguments: a folder of its own, this repository, node, the minor numbers of loop devices, then the program's. */
const ENTER = `set -e
space=$1 repository=$2 node=$3 loops=$4; shift 4
mount -t tmpfs -o mode=755 tmpfs "$space/tmpfs"
cd "$space/tmpfs"
mkdir upper work root
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work overlay root
mkdir -p root/srv/loops
mount --bind "$space/loops" root/srv/loops
[ -e "root$repository" ] || mkdir -p "root$repository"
mount --bind "$repository" "root$repository"
mount -o remount,bind,ro "root$repository"
[ -e "root$node" ] || { mkdir -p "root$(dirname "$node")"; touch "root$node"; mount --bind "$node" "root$node"; }
mount -t proc proc root/proc
mount --bind /sys root/sys
mount -o remount,bind,ro root/sys
for folder in dev run sys/fs/cgroup; do mount -t tmpfs -o mode=755 tmpfs "root/$folder"; done
mknod root/dev/null c 1 3; mknod root/dev/zero c 1 5; mknod root/dev/full c 1 7
mknod root/dev/random c 1 8; mknod root/dev/urandom c 1 9; mknod root/dev/tty c 5 0
chmod 666 root/dev/*
mkdir -m 1777 root/dev/shm
for minor in $loops; do mknod "root/dev/loop$minor" b 7 "$minor"; done
exec ${UPPER}<upper
exec chroot root "$node" --import "file://$repository/node_modules/tsx/dist/loader.mjs" "$@"
`

const MEBIBYTE = 1024 ** 2

export interface SandboxResult {
  code: number | null
  stdout: string
}

/**
 * Runs a module of this room in the sandbox, with the numbers of its loop devices as first argument; they have files of
 * `loops` mebibytes. Its standard error is this process's. Everything that it made ends with it,
 * and it ends after `seconds`.
 */
export async function runInSandbox(
  module: string,
  loops: readonly number[],
  args: readonly string[],
  seconds: number,
  onLine: (line: string) => void = () => undefined,
): Promise<SandboxResult> {
  const space = mkdtempSync('/var/tmp/bench-faults-')
  const attached: { detach(): void; device: string }[] = []
  try {
    for (const name of ['tmpfs', 'loops']) mkdirSync(join(space, name))
    for (const [index, size] of loops.entries()) {
      const file = join(space, 'loops', `${index}.img`)
      writeFileSync(file, Buffer.alloc(size * MEBIBYTE, 'precious '))
      // Detached by the kernel when this process ends, however it ends.
      attached.push(createLoops(createSyscalls()).attach(file))
    }
    const numbers = attached.map(({ device }) => device.replace('/dev/loop', '')).join(' ')
    const enter = ['sh', '-c', ENTER, 'sh', space, REPOSITORY, process.execPath, numbers]
    const command = [...enter, join(import.meta.dirname, module), numbers, ...args]
    const [program, ...words] = inProcessNamespace(['--uts', '--ipc', ...command], { mounts: true })
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    // The namespace of processes ends with unshare(1), hung processes among them.
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    createInterface(child.stdout).on('line', onLine)
    const [code] = (await once(child, 'close')) as [number | null]
    clearTimeout(timer)
    return { code, stdout }
  } finally {
    for (const loop of attached) loop.detach()
    detachAll(join(space, 'loops'))
    rmSync(space, { recursive: true, force: true })
  }
}

/** Ends what a sandbox that was killed left of its loop devices. */
function detachAll(folder: string): void {
  for (const name of readdirSync(folder)) {
    const { stdout } = bounded(10, [
      'losetup',
      '--noheadings',
      '--output',
      'NAME',
      '--associated',
      join(folder, name),
    ])
    for (const device of stdout.split('\n').filter(Boolean)) {
      bounded(30, ['swapoff', device.trim()])
      bounded(10, ['losetup', '--detach', device.trim()])
    }
  }
}

/**
 * Runs a module in the sandbox that prints answers: see answers.ts. Returns the answers.
 */
export function answersFrom(module: string, args: readonly string[], seconds: number): Promise<Answer[]> {
  return readAnswers(async (onLine) => (await runInSandbox(module, [], args, seconds, onLine)).code)
}
