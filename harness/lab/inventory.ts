/** The Ansible inventory of the lab: `bench run --host` reads it, and so does `ansible-playbook -i`. */
import { dirname } from 'node:path'
import { stringify } from 'yaml'
import type { RemoteHost } from '../contracts/remote-host.ts'
import { quoteArg } from '../remote/ssh/ssh-args.ts'
import type { LabFolders } from './folders.ts'
import { remoteHostOf } from './keys.ts'
import { listVms } from './vm-record.ts'
import { makeFolders } from '../linux/make-folders.ts'
import { replaceFile } from '../linux/replace-file.ts'

const HEADER = '# Written by bench lab up and bench lab down.\n'
const GROUP = 'lab'

/**
 * Rewrites the inventory: every machine that has answered and was not taken down. Of several programs that do so at once
 * the last one finds out whether another machine has come or gone since it looked, and writes again.
 */
export function rewriteInventory(folders: LabFolders): void {
  makeFolders(dirname(folders.inventory), 0o700)
  let written = null
  for (let text = textOf(folders); text !== written; text = textOf(folders)) {
    replaceFile(folders.inventory, text)
    written = text
  }
}

function textOf(folders: LabFolders): string {
  const hosts = listVms(folders).flatMap(({ folder, record }) =>
    record?.ready ? [remoteHostOf(folders, folder, record)] : [],
  )
  return HEADER + stringify(inventoryOf(hosts), { lineWidth: 0 })
}

/** Pure. Every variable stands at its host, so that any reader of inventories finds it. */
export function inventoryOf(hosts: readonly RemoteHost[]): unknown {
  const entries = hosts.map((host) => [
    host.name,
    {
      ansible_host: host.address,
      ansible_port: host.port,
      ansible_user: host.user,
      ansible_ssh_private_key_file: host.identityFile,
      ansible_ssh_common_args: host.options.map(quoteArg).join(' '),
      ansible_python_interpreter: '/usr/bin/python3',
      bench_device: host.device,
      ...(host.destroy === null ? {} : { bench_destroy: host.destroy }),
    },
  ])
  return { [GROUP]: { hosts: Object.fromEntries(entries) as unknown } }
}
