/** A client of QEMU's machine protocol: lines of JSON over a unix socket (QEMU, docs/interop/qmp-spec). */
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'

const CLOSED = 'the connection is closed'

/** One line from the server: its greeting, an answer, or an event. */
interface Message {
  return?: unknown
  error?: { class: string; desc: string }
  event?: string
  data?: Record<string, unknown>
}

type Waiting<T> = { resolve: (value: T) => void; reject: (error: Error) => void }

export interface Qmp {
  /** Runs one command. Throws a BenchError with the server's words. */
  execute(command: string, parameters?: Readonly<Record<string, unknown>>): Promise<unknown>
  /**
   * Resolves at the next event of this name with these data. Call it before the command that leads to the event: an event
   * may come before the command's answer.
   */
  event(name: string, data: Readonly<Record<string, unknown>>): Promise<void>
  close(): void
}

/** Negotiates over a new connection. */
export async function openQmp(socket: Socket): Promise<Qmp> {
  const client = new SocketQmp(socket)
  await client.execute('qmp_capabilities')
  return client
}

class SocketQmp implements Qmp {
  readonly #socket: Socket
  /** The server answers in the order of the commands. */
  readonly #answers: Waiting<unknown>[] = []
  readonly #events = new Set<Waiting<void> & { name: string; data: Readonly<Record<string, unknown>> }>()

  constructor(socket: Socket) {
    this.#socket = socket
    createInterface(socket).on('line', (line) => this.#receive(JSON.parse(line) as Message))
    socket.once('close', () => this.#fail(qmpError(CLOSED)))
    // The close that follows an error rejects pending waits.
    socket.on('error', () => undefined)
  }

  execute(command: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw qmpError(CLOSED)
      this.#answers.push({ resolve, reject })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`)
    })
  }

  event(name: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    return new Promise((resolve, reject) => this.#events.add({ name, data, resolve, reject }))
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(message: Message): void {
    if (message.event !== undefined) this.#announce(message.event, message.data ?? {})
    else if (message.error !== undefined) this.#answers.shift()?.reject(qmpError(message.error.desc))
    else if ('return' in message) this.#answers.shift()?.resolve(message.return)
  }

  #announce(name: string, data: Readonly<Record<string, unknown>>): void {
    for (const waiting of this.#events) {
      if (waiting.name !== name) continue
      if (!Object.entries(waiting.data).every(([key, value]) => data[key] === value)) continue
      this.#events.delete(waiting)
      waiting.resolve()
    }
  }

  #fail(error: Error): void {
    for (const waiting of [...this.#answers.splice(0), ...this.#events]) waiting.reject(error)
    this.#events.clear()
  }
}

function qmpError(message: string): BenchError {
  return new BenchError(`qemu-storage-daemon: ${message}`, {
    code: 'driver.qmp',
    exitCode: ExitCode.cellFailed,
  })
}
