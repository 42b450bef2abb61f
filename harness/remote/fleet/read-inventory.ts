/** Hosts of Ansible inventories, resolved by Ansible itself: groups, group_vars, scripts, templates and vaults count. */
import { resolve } from 'node:path'
import { usageError } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { askConnections, type Connections } from './ansible.ts'
import { inventoryReason } from './inventory-reason.ts'
import { remoteHost } from './remote-host.ts'

/** A host as Ansible would reach it, or why it could not. {@link toRemoteHost} tells whether bench can reach it. */
export type InventoryHost = Connections['hosts'][number]

/** Throws a usage error that names the host where bench cannot reach it. */
export function toRemoteHost(host: InventoryHost): RemoteHost {
  if ('facts' in host) return remoteHost(host.name, host.facts)
  throw usageError('inventory', `host ${host.name}: ${host.problem.replaceAll(/\s+/g, ' ')}`)
}

/**
 * Returns the hosts of these files, in their order. `limit`: a pattern of Ansible's (`web*`, `lab:!lab3`, `rack[0:3]`); null
 * for all. Throws a usage error with the reason of Ansible's parser for a file that it cannot read.
 */
export async function readInventories(
  files: readonly string[],
  limit: string | null = null,
): Promise<InventoryHost[]> {
  if (files.length === 0) return []
  const { exitCode, stderr, connections } = await askConnections(files, limit)
  if (exitCode === 0) return connections?.hosts ?? []
  if (limit !== null && NO_HOST.test(stderr)) return []
  const reason = inventoryReason(
    stderr,
    files.map((file) => resolve(file)),
  )
  throw usageError('inventory', `inventory ${files.join(', ')}: ${reason}`)
}

/** Said where the limit leaves nothing. */
const NO_HOST = /no hosts to target|does not match any hosts/
