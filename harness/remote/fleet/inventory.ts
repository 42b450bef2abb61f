/** Hosts of Ansible inventories, read by Ansible itself, so that groups, group_vars and scripts count. */
import { execa } from 'execa'
import { z } from 'zod'
import { BenchError, ExitCode, usageError } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { remoteHost } from './remote-host.ts'

const groupSchema = z.looseObject({ hosts: z.array(z.string()).optional() })
const listSchema = z
  .object({ _meta: z.object({ hostvars: z.record(z.string(), z.unknown()) }) })
  .catchall(groupSchema)

/** A host as the inventory has it: whether bench can reach it, {@link toRemoteHost} tells. */
export interface InventoryHost {
  name: string
  variables: unknown
}

export function toRemoteHost({ name, variables }: InventoryHost): RemoteHost {
  return remoteHost(name, variables)
}

/** All hosts of these files, in their order. Throws a usage error with what Ansible says of a file that it cannot read. */
export async function readInventories(files: readonly string[]): Promise<InventoryHost[]> {
  if (files.length === 0) return []
  const { stdout } = await ansible('ansible-inventory', ['--list', ...inventoryWords(files)], files)
  const { _meta, ...groups } = listSchema.parse(JSON.parse(stdout))
  const names = new Set([
    ...Object.values(groups).flatMap((group) => group.hosts ?? []),
    ...Object.keys(_meta.hostvars),
  ])
  return [...names].map((name) => ({ name, variables: _meta.hostvars[name] ?? {} }))
}

/** The names of the hosts that a pattern of Ansible's means: `web*`, `lab:!lab3`, `rack[0:3]`. */
export async function namesOf(file: string, pattern: string): Promise<string[]> {
  const words = ['all', ...inventoryWords([file]), '--limit', pattern, '--list-hosts']
  const { stdout } = await ansible('ansible', words, [file])
  // The first line counts them.
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((name) => name !== '')
}

export function inventoryWords(files: readonly string[]): string[] {
  return files.flatMap((file) => ['--inventory', file])
}

const ENVIRONMENT = {
  // Ansible refuses to start in a locale that is not UTF-8.
  LC_ALL: 'C.UTF-8',
  ANSIBLE_NOCOLOR: '1',
  // Or a file that is not one counts as an empty one.
  ANSIBLE_INVENTORY_UNPARSED_FAILED: '1',
}

async function ansible(program: string, words: readonly string[], files: readonly string[]) {
  const result = await execa(program, words, { reject: false, stdin: 'ignore', env: ENVIRONMENT })
  if (result.exitCode === undefined) {
    throw new BenchError(`${program} is not installed`, {
      code: 'host.no-program',
      hint: 'npm run setup installs ansible-core; it reads inventories',
      exitCode: ExitCode.hostNotReady,
    })
  }
  if (result.exitCode === 0) return result
  throw usageError('inventory', `inventory ${files.join(', ')}: ${reasonOf(result.stderr)}`)
}

/** Ansible's own words, on one line. */
function reasonOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const error =
    lines.findLast((line) => /^(?:\[?ERROR|\[WARNING\])/.test(line)) ?? lines.at(-1) ?? 'cannot be read'
  return error.replace(/^\[?(?:ERROR|WARNING)\]?[:!]? */, '')
}
