/**
 * Starts processes by posix_spawn(3). Node's own spawn forks, which copies the page tables of a process of some hundred
 * megabytes: 31 ms where this took 1.1 ms, and all of it would be in the time of a container's start. The C library
 * shares the address space until exec instead (clone(2) with CLONE_VM and CLONE_VFORK), as container engines do.
 */
import { check, failure, functions } from '../linux/libc.ts'

/** Larger than glibc's posix_spawn_file_actions_t (80 bytes) and posix_spawnattr_t (336) on every 64-bit Linux. */
const OPAQUE = 512
const SIGSET = 128
/** spawn.h: signals get their default action, and none is blocked. Node ignores SIGPIPE, which would be inherited. */
const POSIX_SPAWN_SETSIGDEF = 0x04
const POSIX_SPAWN_SETSIGMASK = 0x08
const O_CLOEXEC = 0o2000000
const WNOHANG = 1

export interface SpawnInputs {
  /** Absolute path. */
  program: string
  /** Arguments, without the program's own name. */
  args: readonly string[]
  cwd: string | null
  env: Readonly<Record<string, string | undefined>>
  /** Descriptors that become its own; they stay open here. Standard input is empty. */
  stdout: number
  stderr: number
}

export interface Spawned {
  pid: number
  /** −1 of one that a signal ended. `at`: monotonic, ns, when it was heard of. */
  exited: Promise<{ exitCode: number; at: bigint }>
}

/** Throws a SyscallError where the program cannot be started. */
export function spawnProcess({ program, args, cwd, env, stdout, stderr }: SpawnInputs): Spawned {
  const actions = Buffer.alloc(OPAQUE)
  const attributes = Buffer.alloc(OPAQUE)
  functions.fileActionsInit(actions)
  functions.spawnattrInit(attributes)
  try {
    functions.fileActionsAddOpen(actions, 0, '/dev/null', 0, 0)
    functions.fileActionsAddDup2(actions, stdout, 1)
    functions.fileActionsAddDup2(actions, stderr, 2)
    if (cwd !== null) functions.fileActionsAddChdir(actions, cwd)
    functions.spawnattrSetSigdefault(attributes, Buffer.alloc(SIGSET, 0xff))
    functions.spawnattrSetSigmask(attributes, Buffer.alloc(SIGSET))
    functions.spawnattrSetFlags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    const pid: [number] = [0]
    const argv = [program, ...args, null]
    const errno = functions.posixSpawn(pid, program, actions, attributes, argv, [...words(env), null])
    if (errno !== 0) throw failure('posix_spawn', errno as number, program)
    return { pid: pid[0], exited: whenExited(pid[0]) }
  } finally {
    functions.fileActionsDestroy(actions)
    functions.spawnattrDestroy(attributes)
  }
}

/** Descriptors that no child inherits but as one of its own. */
export function makePipe(): { read: number; write: number } {
  const ends: [number, number] = [-1, -1]
  check(functions.pipe2(ends, O_CLOEXEC) as number, 'pipe2', '')
  return { read: ends[0], write: ends[1] }
}

function words(env: SpawnInputs['env']): string[] {
  return Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
}

const waiting = new Map<number, (status: { exitCode: number; at: bigint }) => void>()
let listening = false
/** Never fires. Without it a program that only waits for a child would have nothing to do, and end. */
let kept: NodeJS.Timeout | null = null
const LONG_MILLISECONDS = 2 ** 31 - 1

/** Node waits for its own children one by one, so ours are left for us to wait for. */
function whenExited(pid: number): Promise<{ exitCode: number; at: bigint }> {
  if (!listening) process.on('SIGCHLD', collect)
  listening = true
  kept ??= setInterval(() => undefined, LONG_MILLISECONDS)
  return new Promise((resolve) => {
    waiting.set(pid, resolve)
    // It may have ended before anyone listened.
    collect()
  })
}

function collect(): void {
  const at = process.hrtime.bigint()
  for (const [pid, resolve] of waiting) {
    const status: [number] = [0]
    if ((functions.waitpidStatus(pid, status, WNOHANG) as number) !== pid) continue
    waiting.delete(pid)
    resolve({ exitCode: exitCodeOf(status[0]), at })
  }
  if (waiting.size > 0 || kept === null) return
  clearInterval(kept)
  kept = null
}

/** wait(2): the low seven bits are the signal, the second byte is the code. */
function exitCodeOf(status: number): number {
  return (status & 0x7f) === 0 ? (status >> 8) & 0xff : -1
}
