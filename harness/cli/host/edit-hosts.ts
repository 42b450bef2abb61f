/** `bench host add`, `list` and `remove`: the plain Ansible inventory of the user. */
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { BenchError, ExitCode, messageOf, usageError } from '../../contracts/error.ts'
import { addHost, removeHost, type HostVariables } from '../../remote/fleet/edit-inventory.ts'
import { ownInventory } from '../../remote/fleet/controller-paths.ts'
import { readInputFile } from '../../linux/input-file.ts'
import { makeFolders } from '../../linux/make-folders.ts'
import { writeNamedFile } from '../../linux/named-file.ts'
import { toRemoteHost, type InventoryHost } from '../../remote/fleet/read-inventory.ts'
import { checkHostName } from '../../remote/fleet/remote-host.ts'
import { integerOf, type HostsAsked } from '../../plan/request.ts'
import { destinationOf } from '../../remote/ssh/ssh-args.ts'
import { plainTable } from '../../terminal/text-table.ts'
import type { Context } from '../context.ts'
import { hostsOf, knownHosts, unknownHost } from './select-hosts.ts'

/** Bytes of the largest inventory that is edited: thousands of hosts. */
const MOST_INVENTORY_BYTES = 4 * 1024 ** 2

export interface AddFlags {
  user?: string
  port?: string
  identity?: string
  device?: string
  scratch?: string
}

/** `bench host add NAME ADDRESS`. Looks at nothing: the host may be switched off. */
export async function add(name: string, address: string, flags: AddFlags, context: Context): Promise<number> {
  const variables = variablesOf(address, flags)
  checkHostName(name)
  const others = await knownHosts()
  if (others.some((other) => other.name === name)) {
    throw usageError('host-exists', `there is already a host ${name}`, `bench host remove ${name} removes it`)
  }
  const path = ownInventory()
  const text = addHost(existsSync(path) ? readOwn(path) : '', name, variables)
  writeOwn(path, text)
  context.stdout.write(`${path}: ${name}\n`)
  return ExitCode.done
}

function variablesOf(address: string, { user, port, identity, device, scratch }: AddFlags): HostVariables {
  if (!/^[A-Za-z0-9:][\w.:%-]*$/.test(address)) {
    throw usageError(
      'address',
      `"${address}" is not an address`,
      'give a host name or an IP address; --user and --port are separate options',
    )
  }
  for (const [flag, path] of Object.entries({ '--device': device, '--scratch': scratch })) {
    if (path !== undefined && !isAbsolute(path)) {
      throw usageError('relative-path', `${flag} ${path} is relative`, 'give a path that begins with /')
    }
  }
  if (device !== undefined && scratch !== undefined) {
    throw usageError('conflict', '--scratch and --device exclude each other')
  }
  return {
    ansible_host: address,
    ...(port === undefined ? {} : { ansible_port: integerOf('--port', port, 1, 65_535) }),
    ...(user === undefined ? {} : { ansible_user: user }),
    // A run needs root: it mounts.
    ...(user === undefined || user === 'root' ? {} : { ansible_become: true }),
    ...(identity === undefined ? {} : { ansible_ssh_private_key_file: identityOf(identity) }),
    ...(device === undefined ? {} : { bench_device: device }),
    ...(scratch === undefined ? {} : { bench_scratch: scratch }),
  }
}

function identityOf(path: string): string {
  if (existsSync(path)) return resolve(path)
  throw usageError('identity', `key file ${path} does not exist`, 'give the file of the private key')
}

/** `bench host remove NAME` */
export async function remove(name: string, context: Context): Promise<number> {
  const path = ownInventory()
  const text = existsSync(path) ? removeHost(readOwn(path), name) : null
  if (text === null) {
    const all = await knownHosts()
    if (all.some((host) => host.name === name)) {
      throw usageError('unknown-host', `${name} is a lab machine`, `bench lab down ${name}`)
    }
    throw unknownHost(
      name,
      all.map((host) => host.name),
    )
  }
  writeOwn(path, text)
  context.stdout.write(`${path}: ${name} is gone\n`)
  return ExitCode.done
}

function readOwn(path: string): string {
  try {
    return readInputFile(path, MOST_INVENTORY_BYTES)
  } catch (error) {
    throw usageError('inventory', `inventory ${path}: ${messageOf(error)}`)
  }
}

/** A file that is a link to one elsewhere stays a link. Nobody named its folder, so one that cannot be written is the host's. */
function writeOwn(path: string, text: string): void {
  try {
    makeFolders(dirname(path))
    writeNamedFile(path, text)
  } catch (error) {
    throw new BenchError(`inventory ${path} cannot be written: ${messageOf(error)}`, {
      code: 'host.inventory',
      hint: 'set XDG_CONFIG_HOME to a folder that can be written',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}

/** `bench host list`: the hosts of the user and of the lab, or of an inventory that is named. */
export async function list(asked: HostsAsked, json: boolean, context: Context): Promise<number> {
  const { inventory } = asked
  const hosts = inventory === undefined ? await knownHosts(asked) : await hostsOf(inventory, asked.limit)
  const rows = hosts.map(rowOf)
  if (json) context.stdout.write(`${JSON.stringify({ hosts: rows }, null, 2)}\n`)
  else if (rows.length === 0) context.stdout.write('no hosts: bench host add NAME ADDRESS\n')
  else context.stdout.write(tableOf(rows))
  return ExitCode.done
}

interface HostRow {
  name: string
  address: string | null
  scratch: string | null
  device: string | null
  /** Why it cannot be measured. */
  wrong: string | null
}

function rowOf(host: InventoryHost): HostRow {
  try {
    const remote = toRemoteHost(host)
    const { name, scratch, device } = remote
    return { name, address: destinationOf(remote), scratch, device, wrong: null }
  } catch (error) {
    return { name: host.name, address: null, scratch: null, device: null, wrong: messageOf(error) }
  }
}

function tableOf(rows: readonly HostRow[]): string {
  const texts = rows.map(({ name, address, scratch, device, wrong }) => [
    name,
    address ?? wrong ?? '',
    device ?? scratch ?? '',
  ])
  return `${plainTable(['host', 'address', 'scratch'], texts)}\n`
}
