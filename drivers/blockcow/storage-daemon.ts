/** The one qemu-storage-daemon of a store, and its control socket. */
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Daemon, Host, JournalEntry } from '../../harness/contracts/host.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { connectQmp, type Qmp } from './qmp.ts'

export const PROGRAM = 'qemu-storage-daemon'
const SOCKET = 'qmp'
const START_SECONDS = 10
const POLL_MILLISECONDS = 2

/** A running daemon. Disposing it ends it, and with it all of its exports. */
export interface StorageDaemon extends AsyncDisposable {
  readonly qmp: Qmp
}

/** `directory` is private to the store; the socket lies in it. */
export async function startStorageDaemon(host: Host, directory: string): Promise<StorageDaemon> {
  const daemon = host.daemon(
    PROGRAM,
    ['--chardev', `socket,id=control,path=${SOCKET},server=on,wait=off`, '--monitor', 'chardev=control'],
    { cwd: directory },
  )
  const entry: JournalEntry = {
    kind: 'process',
    pid: daemon.pid,
    startTime: startTimeOf(daemon.pid),
    name: PROGRAM,
  }
  host.journal.record(entry)
  async function stop() {
    await daemon.stop()
    rmSync(join(directory, SOCKET), { force: true })
    host.journal.settle(entry)
  }
  try {
    const qmp = await connected(daemon, directory)
    return {
      qmp,
      async [Symbol.asyncDispose]() {
        qmp.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The path of a unix socket may have 107 bytes (unix(7)); by way of the directory's descriptor it is always short. */
async function connected(daemon: Daemon, directory: string): Promise<Qmp> {
  const fd = openSync(directory, 'r')
  const deadline = Date.now() + START_SECONDS * 1000
  try {
    for (;;) {
      try {
        return await connectQmp(`/proc/self/fd/${fd}/${SOCKET}`)
      } catch (error) {
        const early = ['ENOENT', 'ECONNREFUSED'].includes(errnoOf(error) ?? '')
        if (!early || !daemon.running() || Date.now() > deadline) throw notStarted(daemon, error)
      }
      await sleep(POLL_MILLISECONDS)
    }
  } finally {
    closeSync(fd)
  }
}

function notStarted(daemon: Daemon, cause: unknown): BenchError {
  return new BenchError(`${PROGRAM} did not start: ${daemon.stderr()}`, {
    code: 'driver.no-daemon',
    exitCode: ExitCode.cellFailed,
    cause,
  })
}

/** Field 22 of /proc/PID/stat, counted from the end of the name, which may hold blanks: proc_pid_stat(5). */
function startTimeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3])
}
