/**
 * A network of its own on this machine: one namespace with a bridge for a controller, and one for each host, with an SSH
 * server. Its addresses exist inside of these namespaces alone. What is made is recorded before, so that it can be removed
 * after a kill, too.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sendSignal } from '../../linux/process.ts'

/** RFC 1918. The controller is .0.1, host N is .1.N. */
const NETWORK = '10.213'
const BRIDGE = 'bridge0'
const CONTROLLER = 'bench-fleet'
const SSHD = '/usr/sbin/sshd'

export interface Network extends AsyncDisposable {
  /** The words before a command that is to run as the controller. */
  readonly asController: readonly string[]
  readonly addresses: readonly string[]
  /** Memory of all processes in the controller's namespace. */
  controllerPids(): number[]
}

/** The record: the names of all namespaces that there may be. */
const recordIn = (folder: string) => join(folder, 'namespaces.json')

/** Makes the network; keys and logs lie in `folder`. Removes one first that a killed run left. */
export async function makeNetwork(folder: string, hosts: number): Promise<Network> {
  removeNetwork(folder)
  const names = Array.from({ length: hosts }, (_, index) => `${CONTROLLER}-${index + 1}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(recordIn(folder), JSON.stringify([CONTROLLER, ...names]))
  writeKeys(folder)
  ip('netns', 'add', CONTROLLER)
  ip('-n', CONTROLLER, 'link', 'add', BRIDGE, 'type', 'bridge')
  ip('-n', CONTROLLER, 'address', 'add', `${NETWORK}.0.1/16`, 'dev', BRIDGE)
  ip('-n', CONTROLLER, 'link', 'set', BRIDGE, 'up')
  const addresses = names.map((name, index) => addHost(name, index + 1))
  await Promise.all(names.map((name) => startSshd(folder, name)))
  return {
    asController: ['ip', 'netns', 'exec', CONTROLLER],
    addresses,
    controllerPids: () => pidsIn(CONTROLLER),
    [Symbol.asyncDispose]: () => Promise.resolve(removeNetwork(folder)),
  }
}

/** Ends every process in the namespaces and removes them; their links go with them. */
export function removeNetwork(folder: string): void {
  if (!existsSync(recordIn(folder))) return
  const names = JSON.parse(readFileSync(recordIn(folder), 'utf8')) as string[]
  const there = names.filter((name) => existsSync(join('/run/netns', name)))
  for (const name of there) {
    for (const pid of pidsIn(name)) sendSignal(pid, 'SIGKILL')
    ip('netns', 'delete', name)
  }
  rmSync(recordIn(folder))
}

function addHost(name: string, number: number): string {
  const address = `${NETWORK}.1.${number}`
  const link = `host${number}`
  ip('netns', 'add', name)
  ip('link', 'add', link, 'netns', CONTROLLER, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
  ip('-n', CONTROLLER, 'link', 'set', link, 'master', BRIDGE, 'up')
  ip('-n', name, 'address', 'add', `${address}/16`, 'dev', 'eth0')
  ip('-n', name, 'link', 'set', 'eth0', 'up')
  return address
}

/** One key of the hosts and one of the user is enough: it is one machine. */
function writeKeys(folder: string): void {
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  for (const name of ['host-key', 'user-key']) {
    if (existsSync(join(folder, name))) continue
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', join(folder, name)])
  }
  writeFileSync(join(folder, 'authorized_keys'), readFileSync(join(folder, 'user-key.pub')))
  writeFileSync(join(folder, 'known_hosts'), `* ${readFileSync(join(folder, 'host-key.pub'), 'utf8')}`)
  const lines = [
    'Port 22',
    `HostKey ${join(folder, 'host-key')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // Or bash reads ~/.bashrc for each command: a part of the user's surroundings, not of what is measured.
    'SetEnv SHLVL=1',
  ]
  writeFileSync(join(folder, 'sshd_config'), `${lines.join('\n')}\n`)
}

function startSshd(folder: string, name: string): Promise<void> {
  const words = ['netns', 'exec', name, SSHD, '-D', '-e', '-f', join(folder, 'sshd_config')]
  const server: ChildProcess = spawn('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((listening, failed) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Server listening')) listening()
    })
    server.once('exit', () => failed(new Error(`the SSH server of ${name} ended: ${said.trim()}`)))
  })
}

function pidsIn(name: string): number[] {
  return ip('netns', 'pids', name)
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
}

function ip(...words: readonly string[]): string {
  return execFileSync('ip', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
