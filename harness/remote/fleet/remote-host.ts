/** What an inventory says of a host → how it is reached. Pure, but for the user's home. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../../contracts/error.ts'
import { DEFAULT_DIRECTORY, GROUP_NAMES, type RemoteHost } from '../../contracts/remote-host.ts'
import { shellWords } from './shell-words.ts'

/** A template would have to be filled in by Ansible, with all that it knows of the host. */
const text = z.coerce
  .string()
  .refine((value) => !value.includes('{{'), { error: 'is a template: write the value itself' })
/** As Ansible reads it from an INI file, too. */
const truth = z.union([z.boolean(), z.stringbool()])

/** A variable without a value, as `ansible_user:` alone in YAML, is one that was not given: so Ansible takes it. */
const variablesSchema = z.object({
  ansible_connection: text.nullish(),
  ansible_host: text.nullish(),
  ansible_port: z.coerce.number().int().min(1).max(65_535).nullish(),
  ansible_user: text.nullish(),
  ansible_ssh_private_key_file: text.nullish(),
  ansible_ssh_common_args: text.default(''),
  ansible_ssh_extra_args: text.default(''),
  ansible_become: truth.default(false),
  bench_directory: text.default(DEFAULT_DIRECTORY),
  bench_scratch: text.nullish(),
  bench_device: text.nullish(),
  bench_destroy: text.nullish(),
})

/** A folder of the results has this name, and so has a part of a job's id. */
const NAME = /^[A-Za-z0-9][\w.-]*$/

/** Throws a usage error that names the host and the variable. */
export function remoteHost(name: string, variables: unknown): RemoteHost {
  if (!NAME.test(name)) {
    const hint = 'a folder of the results is named like it: letters, digits, . _ and -'
    throw usageError('host-name', `"${name}" cannot be measured under this name`, hint)
  }
  if (GROUP_NAMES.includes(name)) {
    throw usageError(
      'host-name',
      `"${name}" is the name of a group of Ansible's`,
      'give the host another one',
    )
  }
  const result = variablesSchema.safeParse(variables)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw usageError(
      'inventory',
      `host ${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
    )
  }
  const vars = result.data
  if (vars.ansible_connection === 'local') {
    throw usageError('inventory', `host ${name} is this machine`, 'measure it without --host')
  }
  return {
    name,
    address: vars.ansible_host ?? name,
    port: vars.ansible_port ?? null,
    user: vars.ansible_user ?? null,
    identityFile: expandHome(vars.ansible_ssh_private_key_file ?? null),
    options: [...shellWords(vars.ansible_ssh_common_args), ...shellWords(vars.ansible_ssh_extra_args)],
    become: vars.ansible_become,
    directory: vars.bench_directory,
    scratch: vars.bench_scratch ?? null,
    device: vars.bench_device ?? null,
    destroy: vars.bench_destroy ?? null,
  }
}

function expandHome(path: string | null): string | null {
  return path?.startsWith('~/') ? join(homedir(), path.slice(2)) : path
}
