/** `bench host provision`: the playbook of this package over hosts, with the bundle. */
import { join } from 'node:path'
import { execa } from 'execa'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { makeBundle, packageRoot } from '../../remote/fleet/bundle.ts'
import { inventoryWords } from '../../remote/fleet/inventory.ts'
import { playedHosts, type PlayedHost } from '../../remote/fleet/play-recap.ts'
import type { HostsAsked } from '../../plan/request.ts'
import type { Context } from '../context.ts'
import { selectHosts } from './select-hosts.ts'

export interface ProvisionFlags {
  check?: true
  tags?: string
}

/** Prints a line a host. Exit code 4 when one could not be made ready, with its reason. */
export async function provision(asked: HostsAsked, flags: ProvisionFlags, context: Context): Promise<number> {
  const { inventories, hosts } = await selectHosts(asked)
  const bundle = await makeBundle()
  const ansible = join(packageRoot(), 'ansible')
  const words = [
    ...inventoryWords(inventories),
    '--limit',
    hosts.map(({ name }) => name).join(','),
    '--extra-vars',
    JSON.stringify({ bundle_archive: bundle.archive, bundle_hash: bundle.hash }),
    ...(flags.check ? ['--check'] : []),
    ...(flags.tags === undefined ? [] : ['--tags', flags.tags]),
    join(ansible, 'provision.yml'),
  ]
  const played = await play(words, join(ansible, 'ansible.cfg'), context)
  const changes = flags.check ? 'would be changed' : 'changed'
  for (const { name, ok, changed, reason } of played) {
    context.stdout.write(`${name}: ${ok ? `ready, ${changed} ${changes}` : reason}\n`)
  }
  return played.every(({ ok }) => ok) ? ExitCode.done : ExitCode.hostNotReady
}

/** Each task is named on standard error as it begins. Throws where the playbook did not come to the hosts at all. */
async function play(words: readonly string[], config: string, { stderr }: Context): Promise<PlayedHost[]> {
  const playbook = execa('ansible-playbook', words, {
    reject: false,
    stdin: 'ignore',
    env: {
      LC_ALL: 'C.UTF-8',
      ANSIBLE_CONFIG: config,
      ANSIBLE_NOCOLOR: '1',
      // A result on one line.
      ANSIBLE_CALLBACK_RESULT_FORMAT: 'json',
      ANSIBLE_PIPELINING: 'True',
    },
  })
  for await (const line of playbook.iterable()) {
    const task = /^TASK \[(.*)\]/.exec(line)?.[1]
    if (task !== undefined) stderr.write(`${task}\n`)
  }
  const { stdout, stderr: said, exitCode } = await playbook
  const played = playedHosts(stdout)
  if (played.length > 0) return played
  const reason = said.trim().split('\n').at(-1) ?? ''
  throw new BenchError(`ansible-playbook ended with ${exitCode ?? 'nothing'}: ${reason}`, {
    code: 'host.not-provisioned',
    hint: 'is ansible-core installed here? npm run setup installs it',
    exitCode: ExitCode.hostNotReady,
  })
}
