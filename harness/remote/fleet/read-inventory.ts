/** Hosts of Ansible inventories, resolved by Ansible itself: groups, group_vars, scripts, templates and vaults count. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { usageError } from '../../contracts/error.ts'
import { onUserPath } from '../../contracts/host-error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { formatSize } from '../../contracts/units.ts'
import { nameOfKind } from '../../linux/input-file.ts'
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
  files.forEach(checkKind)
  const { exitCode, stderr, connections } = await askConnections(files, limit)
  if (exitCode === 0) return connections?.hosts ?? []
  if (limit !== null && NO_HOST.test(stderr)) return []
  const reason = inventoryReason(
    stderr,
    files.map((file) => resolve(file)),
  )
  throw usageError('inventory', `inventory ${files.join(', ')}: ${reason}`)
}

/** Maximum size in bytes, enough for tens of thousands of hosts. Ansible needs a minute for that much YAML. */
const MOST_BYTES = 16 * 1024 ** 2

/** Ansible opens whatever it is given, and waits for the writer of a pipe or reads a device without an end. */
function checkKind(file: string): void {
  const stat = onUserPath(() => statSync(file, { throwIfNoEntry: false }))
  if (stat === undefined) {
    throw usageError('inventory', `inventory ${file} does not exist`, 'give the path of an Ansible inventory')
  }
  if (!stat.isFile() && !stat.isDirectory()) {
    throw usageError('inventory', `inventory ${file} is ${nameOfKind(stat)}, not a file or a folder`)
  }
  if (stat.isFile() && stat.size > MOST_BYTES) {
    throw usageError('inventory', `inventory ${file} is larger than ${formatSize(MOST_BYTES)}`)
  }
}

/** Said where the limit leaves nothing. */
const NO_HOST = /no hosts to target|does not match any hosts/
