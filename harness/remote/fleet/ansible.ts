/** Starts Ansible's programs, and tells why one of them failed. */
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { packageFolder } from '../../linux/package.ts'

/**
 * Settings that what we read of Ansible depends on, whatever ansible.cfg says. All else, how hosts are reached among it, is
 * left to the user's own ansible.cfg and environment: so a run goes to the machines that were provisioned.
 */
export const ANSIBLE_ENVIRONMENT = {
  // Ansible refuses to start in a locale that is not UTF-8.
  LC_ALL: 'C.UTF-8',
  ANSIBLE_NOCOLOR: '1',
  ANSIBLE_FORCE_COLOR: '0',
  ANSIBLE_NOCOWS: '1',
  ANSIBLE_STDOUT_CALLBACK: 'default',
  ANSIBLE_CALLBACKS_ENABLED: '',
  // A result on one line.
  ANSIBLE_CALLBACK_RESULT_FORMAT: 'json',
  ANSIBLE_RETRY_FILES_ENABLED: '0',
}

/** Returns the absolute path of a playbook of this package. */
export function playbookPath(name: string): string {
  return join(packageFolder(), 'ansible', name)
}

/** Returns `--inventory=FILE` for each file. */
export function inventoryArgs(files: readonly string[]): string[] {
  return files.map((file) => `--inventory=${file}`)
}

/** The file descriptor on which ansible/action_plugins/connections.py answers: the first after the standard streams. */
const ANSWER = 3

const answerSchema = z.object({
  /** Arguments that Ansible gives ssh unless the inventory says otherwise. */
  sshArgs: z.string().nullable(),
  hosts: z.array(
    z.union([
      z.object({ name: z.string(), facts: z.looseObject({ connection: z.string() }) }),
      z.object({ name: z.string(), problem: z.string() }),
    ]),
  ),
})

/** Connections as Ansible resolves them: how it would reach each host, or why it could not. */
export type Connections = z.infer<typeof answerSchema>

/** How ansible-playbook ended. */
export interface AskedConnections {
  exitCode: number
  stderr: string
  /** Null where it failed, and where there is no host. */
  connections: Connections | null
}

/** Asks Ansible how it would reach the hosts of these files. Throws `host.no-program` where it is not installed. */
export async function askConnections(
  files: readonly string[],
  limit: string | null = null,
): Promise<AskedConnections> {
  const limitArgs = limit === null ? [] : [`--limit=${limit}`]
  const args = [...inventoryArgs(files), ...limitArgs, playbookPath('connections.yml')]
  const { exitCode, stderr, stdio } = await execa('ansible-playbook', args, {
    reject: false,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {
      ...ANSIBLE_ENVIRONMENT,
      // Or a file that is no inventory counts as an empty one, and its hosts are missed without a word.
      ANSIBLE_INVENTORY_UNPARSED_FAILED: '1',
      // A folder may hold other files beside inventories.
      ...(files.length > 1 ? { ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED: '1' } : {}),
      BENCH_CONNECTIONS_FD: String(ANSWER),
    },
  })
  if (exitCode === undefined) {
    throw new BenchError('ansible-playbook is not installed', {
      code: 'host.no-program',
      hint: 'npm run setup installs ansible-core; it reads inventories',
      exitCode: ExitCode.hostNotReady,
    })
  }
  const answer = stdio[ANSWER]
  return {
    exitCode,
    stderr,
    connections: exitCode === 0 && answer !== '' ? answerSchema.parse(JSON.parse(answer)) : null,
  }
}

/** Returns what ansible.cfg, or the environment, has Ansible give ssh for hosts that have no ansible_ssh_args. */
export async function configuredSshArgs(files: readonly string[]): Promise<string> {
  return (await askConnections(files)).connections?.sshArgs ?? ''
}
