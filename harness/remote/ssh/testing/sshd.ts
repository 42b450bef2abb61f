/** A real sshd on a loopback port, with keys of its own, in a folder of its own. It accepts the user who runs the tests. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { RemoteHost } from '../../../contracts/remote-host.ts'
import { isRoot } from '../../../linux/privilege.ts'
import { childrenOf, sendSignal } from '../../../linux/process.ts'
import { eventually } from '../../../linux/until.ts'

export interface TestSshd extends AsyncDisposable {
  /** How to reach it; its key is known. */
  readonly host: RemoteHost
  readonly folder: string
  /** Output of the server so far. */
  log(): string
  /** Kills the processes that serve connections, as a cut link would end them. The server goes on listening. */
  killConnections(): void
  /** Ends the server and its connections. */
  stop(): Promise<void>
}

const SSHD = '/usr/sbin/sshd'
const START_MILLISECONDS = 10_000

/** `overrides`: of the host that is handed out, for one that is wrong on purpose. */
export async function startSshd(overrides: Partial<RemoteHost> = {}): Promise<TestSshd> {
  const folder = mkdtempSync('/var/tmp/bench-test-sshd-')
  try {
    const port = await freePort()
    writeFiles(folder, port)
    const server = spawn(SSHD, ['-D', '-e', '-f', join(folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let log = ''
    server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()))
    await listening(server, () => log)
    const stop = async () => {
      killChildren(server.pid)
      await ended(server)
      rmSync(folder, { recursive: true, force: true })
    }
    return {
      host: { ...hostAt(folder, port), ...overrides },
      folder,
      log: () => log,
      killConnections: () => killChildren(server.pid),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function writeFiles(folder: string, port: number): void {
  // Where sshd confines its part that is not yet logged in; made at boot where it runs as a service.
  if (isRoot()) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  for (const name of ['host-key', 'user-key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)])
  }
  const hostKey = readFileSync(join(folder, 'host-key.pub'), 'utf8')
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}`)
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(join(folder, 'user-key.pub')))
  chmodSync(folder, 0o755)
  writeFileSync(
    join(folder, 'config'),
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${join(folder, 'host-key')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      `PidFile ${join(folder, 'pid')}`,
      'StrictModes no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // bash reads ~/.bashrc for a command over ssh unless it finds itself in another shell. What that file starts is no
      // part of the tests, and killed in the middle may leave locks behind.
      'SetEnv SHLVL=1',
      '',
    ].join('\n'),
  )
}

function hostAt(folder: string, port: number): RemoteHost {
  return {
    name: 'loopback',
    program: 'ssh',
    address: '127.0.0.1',
    port,
    user: userInfo().username,
    identityFile: join(folder, 'user-key'),
    firstOptions: [],
    options: [
      '-F',
      'none',
      '-o',
      `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
      '-o',
      'StrictHostKeyChecking=yes',
    ],
    become: false,
    directory: join(folder, 'bench'),
    scratch: null,
    device: null,
    destroy: null,
  }
}

/** A port that nobody listens on. Another program may take it before it is used, which no test of ours has met. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function listening(server: ChildProcess, log: () => string): Promise<void> {
  const isListening = () => log().includes('Server listening')
  const pace = { every: 10, within: START_MILLISECONDS }
  await eventually(() => server.exitCode !== null || isListening(), pace)
  if (isListening()) return
  server.kill('SIGKILL')
  throw new Error(`sshd does not start: ${log().trim()}`)
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exited = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await exited
}

/** The processes that sshd has for its connections, and the commands that they run. */
function killChildren(pid: number | undefined): void {
  if (pid === undefined) return
  const tree = [pid]
  for (const above of tree) tree.push(...(childrenOf(above) ?? []))
  for (const below of tree.slice(1)) sendSignal(below, 'SIGKILL')
}
