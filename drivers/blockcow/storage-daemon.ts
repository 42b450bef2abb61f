/** The one qemu-storage-daemon of a store, and its control socket. */
import { closeSync, openSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Daemon, Host, JournalEntry } from '../../harness/contracts/host.ts'
import { startTimeOf } from '../../harness/linux/process.ts'
import { until } from '../../harness/linux/until.ts'
import { openQmp, type Qmp } from './qmp.ts'

export const PROGRAM = 'qemu-storage-daemon'
const SOCKET = 'qmp'
const START_SECONDS = 10
const POLL_MILLISECONDS = 2

/** A running daemon. Disposing it ends it, and with it all of its exports. */
export interface StorageDaemon extends AsyncDisposable {
  readonly qmp: Qmp
}

/**
 * `directory` is private to the store. The daemon calls us and not the other way round: a QEMU that listens moves its listener
 * from one thread to another while it starts, and a call that arrives just then makes it wait in accept(2) for ever.
 */
export async function startStorageDaemon(host: Host, directory: string): Promise<StorageDaemon> {
  using listener = await listen(directory)
  const daemon = host.daemon(
    PROGRAM,
    ['--chardev', `socket,id=control,path=${SOCKET}`, '--monitor', 'chardev=control'],
    { cwd: directory },
  )
  const entry: JournalEntry = {
    kind: 'process',
    pid: daemon.pid,
    startTime: startTimeOf(daemon.pid) ?? 0,
    name: PROGRAM,
  }
  host.journal.record(entry)
  async function stop() {
    await daemon.stop()
    host.journal.forget(entry)
  }
  try {
    const qmp = await openQmp(await listener.connection(daemon))
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

interface Listener extends Disposable {
  connection(daemon: Daemon): Promise<Socket>
}

/** The path of a unix socket may have 107 bytes (unix(7)); by way of the directory's descriptor it is always short. */
async function listen(directory: string): Promise<Listener> {
  const fd = openSync(directory, 'r')
  const server = createServer()
  const arrived: Socket[] = []
  server.on('connection', (socket: Socket) => arrived.push(socket))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(`/proc/self/fd/${fd}/${SOCKET}`, resolve)
  })
  return {
    connection(daemon) {
      const error = () => notStarted(daemon)
      const look = () => {
        if (arrived.length === 0 && !daemon.running()) throw error()
        return arrived[0]
      }
      return until(look, { every: POLL_MILLISECONDS, within: START_SECONDS * 1000, error })
    },
    [Symbol.dispose]() {
      // Unlinks the path at once; the connection stays.
      server.close()
      closeSync(fd)
    },
  }
}

function notStarted(daemon: Daemon): BenchError {
  return new BenchError(`${PROGRAM} did not start: ${daemon.stderr()}`, {
    code: 'driver.no-daemon',
    exitCode: ExitCode.cellFailed,
  })
}
