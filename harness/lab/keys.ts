/** SSH keys of the lab: one that logs in to every machine, and one for each machine to be known by. */
import { onUserPath } from '../contracts/host-error.ts'
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Host } from '../contracts/host.ts'
import { DEFAULT_DIRECTORY, type RemoteHost } from '../contracts/remote-host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { vmFiles, type LabFolders } from './folders.ts'
import { SCRATCH_SERIAL, UML_DISKS } from './image/types.ts'
import type { VmRecord } from './vm-record.ts'
import { makeFolders } from '../linux/make-folders.ts'

type Runs = Pick<Host, 'run'>

const ADDRESS = '127.0.0.1'

/**
 * Returns the public half of the lab's key, which is made at its first use. Of two that make it at once, one wins for
 * both.
 */
export async function clientKey(host: Runs, { clientKey: path }: LabFolders): Promise<string> {
  if (!existsSync(path)) await makeClientKey(host, path)
  return (await host.run('ssh-keygen', ['-y', '-f', path])).stdout
}

async function makeClientKey(host: Runs, path: string): Promise<void> {
  makeFolders(dirname(path), 0o700)
  const fresh = onUserPath(() => mkdtempSync(`${path}-`))
  try {
    await makeKey(host, join(fresh, 'key'), 'bench lab')
    linkSync(join(fresh, 'key'), path)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

export interface HostKey {
  private: string
  public: string
}

/** A new key of a machine. It alone is accepted from then on. */
export async function makeHostKey(host: Runs, folder: string, record: VmRecord): Promise<HostKey> {
  const { hostKey, knownHosts } = vmFiles(folder)
  await makeKey(host, hostKey, record.name)
  const key = { private: readFileSync(hostKey, 'utf8'), public: readFileSync(`${hostKey}.pub`, 'utf8') }
  writeFileSync(knownHosts, `[${ADDRESS}]:${record.port} ${key.public}`, { mode: 0o600 })
  return key
}

async function makeKey(host: Runs, path: string, comment: string): Promise<void> {
  await host.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path])
}

/** Returns how a machine is reached. The user's own configuration of ssh has no say in it. */
export function remoteHostOf(folders: LabFolders, folder: string, record: VmRecord): RemoteHost {
  return {
    name: record.name,
    program: 'ssh',
    address: ADDRESS,
    port: record.port,
    user: 'root',
    identityFile: folders.clientKey,
    firstOptions: [],
    options: sshOptions(folder),
    become: false,
    directory: DEFAULT_DIRECTORY,
    scratch: null,
    device: scratchDevice(record),
    // Whatever a run left on it may go: it is the machine's own, and goes with it.
    destroy: record.kind === 'qemu' ? SCRATCH_SERIAL : null,
  }
}

function sshOptions(folder: string): string[] {
  return [
    '-F',
    'none',
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${configurationPath(vmFiles(folder).knownHosts)}`,
  ]
}

/** As ssh_config(5) reads a path: quotes around blanks, and `%` begins a token. */
function configurationPath(path: string): string {
  const escaped = path.replaceAll('%', '%%')
  return /\s/.test(escaped) ? `"${escaped}"` : escaped
}

function scratchDevice({ kind }: VmRecord): string {
  return kind === 'qemu' ? `/dev/disk/by-id/virtio-${SCRATCH_SERIAL}` : `/dev/${UML_DISKS.scratch}`
}
