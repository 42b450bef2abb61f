/** Selects the hosts of a command: names in the two inventories of bench, or a pattern in the user's own inventory. */
import { existsSync } from 'node:fs'
import { usageError } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { readInventories, toRemoteHost, type InventoryHost } from '../../remote/fleet/read-inventory.ts'
import { labInventory, ownInventory } from '../../remote/fleet/controller-paths.ts'
import type { HostsAsked } from '../../plan/request.ts'
import { suggestion } from '../../plan/suggest.ts'

/** Ansible's inventories and the names in them that were asked for. */
export interface Selection {
  inventories: readonly string[]
  hosts: readonly RemoteHost[]
}

/** Throws a usage error for a name or a pattern that is no host, and for options that contradict each other. */
export async function selectHosts({ host, inventory, limit }: HostsAsked): Promise<Selection> {
  if (inventory === undefined) {
    checkLimit(limit)
    if (host === undefined) throw usageError('no-host', 'no host is given', '--host A,B, or --inventory FILE')
    return byName(host)
  }
  if (host !== undefined) {
    throw usageError(
      'conflict',
      '--host and --inventory exclude each other',
      'select hosts of a file with --limit A,B',
    )
  }
  const hosts = await hostsOf(inventory, limit)
  return { inventories: [inventory], hosts: hosts.map(toRemoteHost) }
}

/** Returns the hosts of the user and of the lab. Throws a usage error for a limit: it is a pattern for one file. */
export function knownHosts({ limit }: Pick<HostsAsked, 'limit'> = {}): Promise<InventoryHost[]> {
  checkLimit(limit)
  return readInventories(defaultInventories())
}

function checkLimit(limit: string | undefined): void {
  if (limit !== undefined)
    throw usageError('conflict', '--limit requires --inventory', 'or give hosts: --host A,B')
}

/** Returns which exist of the user's inventory and the lab's. */
function defaultInventories(): string[] {
  return [ownInventory(), labInventory()].filter((file) => existsSync(file))
}

async function byName(given: readonly string[]): Promise<Selection> {
  const inventories = defaultInventories()
  const all = await readInventories(inventories)
  const known = all.map(({ name }) => name)
  const names = new Set(given.flatMap((text) => text.split(',')).map((name) => name.trim()))
  const hosts = [...names].map((name) => {
    const found = all.find((candidate) => candidate.name === name)
    if (found === undefined) throw unknownHost(name, known)
    return toRemoteHost(found)
  })
  return { inventories, hosts }
}

export function unknownHost(name: string, known: readonly string[]): Error {
  const hint =
    known.length === 0
      ? `there are none: bench host add ${name === '' ? 'NAME' : name} ADDRESS`
      : suggestion(name, known)
  return usageError('unknown-host', `there is no host "${name}"`, hint)
}

/** Returns the hosts of an inventory that match the pattern. Throws a usage error where none does. */
export async function hostsOf(inventory: string, pattern = 'all'): Promise<InventoryHost[]> {
  const hosts = await readInventories([inventory], pattern)
  if (hosts.length > 0) return hosts
  const known = (await readInventories([inventory])).map(({ name }) => name)
  throw usageError(
    'unknown-host',
    known.length === 0 ? `there is no host in ${inventory}` : `${pattern} matches no host of ${inventory}`,
    known.length === 0 ? undefined : `known: ${known.join(', ')}`,
  )
}
