/** An engine's HTTP API over its unix socket, by connections that are kept. */
import { createReadStream, statSync } from 'node:fs'
import { Agent, request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import type { Socket } from 'node:net'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import { driverError } from '../catalog.ts'

/** HTTP status of a request that the state of the object forbids: a container that runs is not removed. */
const CONFLICT = 409
/** A request that takes longer has hung. Seconds. */
const LIMIT_SECONDS = 600

export interface ApiPlace {
  socketPath: string
  /** Precedes each path: the API's version. */
  prefix: string
  /** What messages call the engine. */
  name: string
}

export interface Api extends Disposable {
  /** Asks and returns what is answered, parsed as JSON; null where nothing is. Throws `driver.busy` or `driver.engine` with the daemon's message. */
  call<T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>
  /** Posts, and returns when the engine has begun to answer: it then waits for what is asked for. Resolves the inner promise with the answer. */
  begin(path: string): Promise<{ answer: Promise<string> }>
  /** Posts, and takes over the connection, which becomes a stream: "Attach to a container" of the API's reference. */
  takeOver(path: string): Promise<Socket>
  /** Posts a file. Returns what is answered, parsed as JSON. */
  sendFile<T = unknown>(path: string, file: string): Promise<T>
}

/** `limitSeconds`: how long an engine may be silent before a request fails. */
export function createApi({ socketPath, prefix, name }: ApiPlace, limitSeconds = LIMIT_SECONDS): Api {
  const agent = new Agent({ keepAlive: true })

  /** Sends a request. It ends with an error when the engine is silent for too long, or gone. */
  function ask(
    options: RequestOptions,
    { answered, failed }: { answered(incoming: IncomingMessage): void; failed(error: BenchError): void },
  ): ClientRequest {
    const outgoing = request({ ...options, socketPath, timeout: limitSeconds * 1000 }, answered)
    outgoing.on('timeout', () => outgoing.destroy(new Error(`it was silent for ${limitSeconds} s`)))
    outgoing.on('error', (cause) => failed(unreachable(name, cause)))
    return outgoing
  }

  /** Resolves when the answer begins. Throws what the engine answers where it refuses. */
  function begin(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | number>>,
    write: (outgoing: ClientRequest) => void,
  ): Promise<{ answer: Promise<string> }> {
    return new Promise((resolve, reject) => {
      const answered = (incoming: IncomingMessage) => {
        const status = incoming.statusCode ?? 0
        const answer = textOf(name, incoming)
        // It is awaited below or by the caller.
        answer.catch(() => undefined)
        if (status < 400) resolve({ answer })
        else
          answer.then(
            (text) => reject(refused(name, `${method} ${path.split('?')[0]}`, status, text)),
            reject,
          )
      }
      write(ask({ agent, method, path: prefix + path, headers }, { answered, failed: reject }))
    })
  }

  async function exchange(...asked: Parameters<typeof begin>): Promise<string> {
    return (await begin(...asked)).answer
  }

  return {
    async call<T>(method: string, path: string, body?: object) {
      const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
      const headers =
        bytes === null ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }
      const text = await exchange(method, path, headers, (outgoing) => outgoing.end(bytes ?? undefined))
      return (text === '' ? null : JSON.parse(text)) as T
    },
    begin: (path) => begin('POST', path, {}, (outgoing) => outgoing.end()),
    takeOver(path) {
      const headers = { connection: 'Upgrade', upgrade: 'tcp' }
      return new Promise((resolve, reject) => {
        const answered = (incoming: IncomingMessage) => {
          const refuse = (text: string) =>
            reject(refused(name, `POST ${path.split('?')[0]}`, incoming.statusCode ?? 0, text))
          textOf(name, incoming).then(refuse, reject)
        }
        const outgoing = ask({ method: 'POST', path: prefix + path, headers }, { answered, failed: reject })
        outgoing.on('upgrade', (_incoming, socket: Socket, head: Buffer) => {
          // A container may be silent for as long as it likes.
          socket.setTimeout(0)
          if (head.length > 0) socket.unshift(head)
          resolve(socket)
        })
        outgoing.end()
      })
    },
    async sendFile<T>(path: string, file: string) {
      const headers = { 'content-type': 'application/x-tar', 'content-length': statSync(file).size }
      const write = (outgoing: ClientRequest) => {
        const bytes = createReadStream(file)
        bytes.on('error', (error) => outgoing.destroy(error))
        bytes.pipe(outgoing)
      }
      return JSON.parse(await exchange('POST', path, headers, write)) as T
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

function textOf(name: string, incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('error', (cause) => reject(unreachable(name, cause)))
    incoming.on('end', () => resolve(Buffer.concat(parts).toString()))
  })
}

function refused(name: string, what: string, status: number, text: string): BenchError {
  const message = `${name} refused ${what}: ${messageIn(text)}`
  return status === CONFLICT
    ? driverError('busy', message)
    : new BenchError(message, { code: 'driver.engine', exitCode: ExitCode.cellFailed })
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text
  } catch {
    return text
  }
}

function unreachable(name: string, cause: Error): BenchError {
  return new BenchError(`${name} does not answer: ${cause.message}`, {
    code: 'driver.engine',
    exitCode: ExitCode.cellFailed,
    cause,
  })
}
