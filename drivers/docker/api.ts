/** Docker's HTTP API over its unix socket, by connections that are kept. Version 1.41 is Docker 20.10's; newer daemons answer it, too. */
import { createReadStream, statSync } from 'node:fs'
import { Agent, request, type ClientRequest } from 'node:http'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { driverError } from '../common/catalog.ts'

const VERSION = '/v1.41'
/** HTTP status of a request that the state of the object forbids: a container that runs is not removed. */
const CONFLICT = 409

export interface Api extends Disposable {
  /** Asks and returns what is answered, parsed as JSON; null where nothing is. Throws `driver.busy` or `driver.engine` with the daemon's message. */
  call<T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T>
  /** Posts a file. Returns what is answered, parsed as JSON. */
  sendFile<T = unknown>(path: string, file: string): Promise<T>
}

export function createApi(socketPath: string): Api {
  const agent = new Agent({ keepAlive: true })

  function exchange(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | number>>,
    write: (outgoing: ClientRequest) => void,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ agent, socketPath, method, path: VERSION + path, headers }, (incoming) => {
        const parts: Buffer[] = []
        incoming.on('data', (part: Buffer) => parts.push(part))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const text = Buffer.concat(parts).toString()
          const status = incoming.statusCode ?? 0
          if (status < 400) resolve(text)
          else reject(refused(`${method} ${path.split('?')[0]}`, status, text))
        })
      })
      outgoing.on('error', (cause) => reject(unreachable(cause)))
      write(outgoing)
    })
  }

  return {
    async call<T>(method: string, path: string, body?: object) {
      const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
      const headers =
        bytes === null ? {} : { 'content-type': 'application/json', 'content-length': bytes.length }
      const text = await exchange(method, path, headers, (outgoing) => outgoing.end(bytes ?? undefined))
      return (text === '' ? null : JSON.parse(text)) as T
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

function refused(what: string, status: number, text: string): BenchError {
  const message = `Docker refused ${what}: ${messageIn(text)}`
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

function unreachable(cause: Error): BenchError {
  return new BenchError(`Docker does not answer: ${cause.message}`, {
    code: 'driver.engine',
    exitCode: ExitCode.cellFailed,
    cause,
  })
}
