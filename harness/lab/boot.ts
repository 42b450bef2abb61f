/** From the start of a machine to its first command. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import type { RemoteHost } from '../contracts/remote-host.ts'
import { isAlive } from '../linux/process.ts'
import { until } from '../linux/until.ts'
import { connectTo } from '../remote/ssh/connection.ts'
import { vmFiles, type VmFiles } from './folders.ts'
import type { VmRecord } from './vm-record.ts'

/** Many times what it takes on an idle machine (9 s translated, 2 s otherwise), since several may boot on few cores. */
const BOOT_SECONDS = { kvm: 60, uml: 60, tcg: 600 }
const POLL_MILLISECONDS = 100
const BANNER_MILLISECONDS = 3000

/** Waits until a command can be run. Throws `lab.boot-failed`, or the signal's reason. */
export async function waitForSsh(record: VmRecord, host: RemoteHost, signal: AbortSignal): Promise<void> {
  const limit = BOOT_SECONDS[record.accelerator ?? 'uml']
  let last: string | null = 'no answer'
  const isUp = async () => {
    signal.throwIfAborted()
    if (record.machine === null || !isAlive(record.machine)) throw bootFailed(record, 'ended while it booted')
    if (await sshAnswers(record.port)) last = await login(host)
    return last === null
  }
  const error = () => bootFailed(record, `cannot be logged in to after ${limit} s (${last})`)
  await until(isUp, { every: POLL_MILLISECONDS, within: limit * 1000, error })
}

/** Null, or why not: while the machine boots, sshd may be there before what it needs. */
async function login(host: RemoteHost): Promise<string | null> {
  await using connection = connectTo(host)
  try {
    await connection.run(['true'])
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** QEMU takes connections before the machine does, so only the greeting of sshd tells (RFC 4253, 4.2). */
function sshAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const finish = (answers: boolean) => {
      socket.destroy()
      resolve(answers)
    }
    socket.setTimeout(BANNER_MILLISECONDS, () => finish(false))
    socket.once('data', (chunk: Buffer) => finish(chunk.toString('latin1').startsWith('SSH-')))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
  })
}

function bootFailed({ name }: VmRecord, what: string): BenchError {
  return new BenchError(`${name} ${what}`, {
    code: 'lab.boot-failed',
    hint: 'see the last lines of its console above',
    exitCode: ExitCode.hostNotReady,
  })
}

/** Says the end of what the machine, and QEMU, said. */
export function tellLastLines(name: string, folder: string, say: (line: string) => void): void {
  const lines = lastLines(vmFiles(folder))
  for (const line of lines.length === 0 ? ['its console said nothing'] : lines) say(`${name}: ${line}`)
}

const CONSOLE_LINES = 15

function lastLines(files: VmFiles): string[] {
  return [files.log, files.console].flatMap((path) => {
    try {
      const text = readFileSync(path, 'utf8').trimEnd()
      return text === '' ? [] : text.split(/\r*\n/).slice(-CONSOLE_LINES)
    } catch {
      // It did not come to that.
      return []
    }
  })
}
