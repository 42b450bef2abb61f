/** How Ansible would reach a host → how bench does. Pure. */
import { posix } from 'node:path'
import { z } from 'zod'
import { usageError } from '../../contracts/error.ts'
import { hostNameSchema } from '../../contracts/file-name.ts'
import { DEFAULT_DIRECTORY, GROUP_NAMES, type RemoteHost } from '../../contracts/remote-host.ts'

const pathSchema = z.string().refine((path) => posix.isAbsolute(path), { error: 'is not an absolute path' })

/** Answer of ansible/action_plugins/connections.py for a host that is reached over SSH. */
const factsSchema = z.object({
  program: z.string().nullable(),
  address: z.string(),
  port: z.number().int().min(1).max(65_535).nullable(),
  user: z.string().nullable(),
  identityFile: z.string().nullable(),
  firstOptions: z.array(z.string()),
  options: z.array(z.string()),
  become: z
    .object({ method: z.string().nullable(), user: z.string().nullable(), program: z.string().nullable() })
    .nullable(),
  bench_directory: pathSchema.nullable(),
  bench_scratch: pathSchema.nullable(),
  bench_device: pathSchema.nullable(),
  bench_destroy: z.string().nullable(),
})

type Become = z.infer<typeof factsSchema>['become']

/** Throws a usage error for a host that bench cannot reach, or must not, with its name and the variable. */
export function remoteHost(name: string, facts: Readonly<Record<string, unknown>>): RemoteHost {
  checkHostName(name)
  checkConnection(name, String(facts['connection']))
  const result = factsSchema.safeParse(facts)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw usageError(
      'inventory',
      `host ${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`,
    )
  }
  const { program, address, port, user, identityFile, firstOptions, options, become, ...own } = result.data
  return {
    name,
    program: program ?? 'ssh',
    address,
    port,
    user,
    identityFile,
    firstOptions,
    options,
    become: becomesRoot(name, become),
    directory: own.bench_directory ?? DEFAULT_DIRECTORY,
    scratch: own.bench_scratch,
    device: own.bench_device,
    destroy: own.bench_destroy,
  }
}

/** Throws a usage error for a name that cannot be that of a folder, or that Ansible has for a group. */
export function checkHostName(name: string): void {
  if (!hostNameSchema.safeParse(name).success) {
    const hint = 'a folder of the results is named like it: letters, digits, . _ and -'
    throw usageError('host-name', `"${name}" is not a valid host name for a run`, hint)
  }
  if (GROUP_NAMES.includes(name)) {
    throw usageError(
      'host-name',
      `"${name}" is the name of a group of Ansible's`,
      'give the host another one',
    )
  }
}

function checkConnection(name: string, connection: string): void {
  if (connection === 'ssh') return
  if (connection === 'local') {
    throw usageError('inventory', `host ${name} is this machine`, 'measure it without --host')
  }
  throw usageError(
    'connection',
    `host ${name} has ansible_connection ${connection}; bench reaches hosts only by ssh`,
    'set ansible_connection to ssh, or exclude the host with --limit',
  )
}

/** A run needs root, and bench asks sudo for it. */
function becomesRoot(name: string, become: Become): boolean {
  if (become === null) return false
  const { method, user, program } = become
  if (method !== 'sudo' && method !== 'ansible.builtin.sudo') {
    throw usageError('become', `host ${name} has ansible_become_method ${method}; bench supports only sudo`)
  }
  if (program !== null && posix.basename(program) !== 'sudo') {
    throw usageError('become', `host ${name} has ansible_become_exe ${program}; bench supports only sudo`)
  }
  if (user !== null && user !== 'root') {
    throw usageError('become', `host ${name} has ansible_become_user ${user}; a run needs root`)
  }
  return true
}
