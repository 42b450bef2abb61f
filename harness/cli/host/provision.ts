/** `bench host provision`: the playbook of this package over hosts, with the bundle. */
import { execa } from 'execa'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { withLastLines } from '../../linux/last-lines.ts'
import { makeBundle } from '../../remote/fleet/bundle.ts'
import {
  ANSIBLE_ENVIRONMENT,
  configuredSshArgs,
  inventoryArgs,
  playbookPath,
} from '../../remote/fleet/ansible.ts'
import { playedHosts, type PlayedHost, withUnplayed } from '../../remote/fleet/play-recap.ts'
import type { HostsAsked } from '../../plan/request.ts'
import { visible } from '../../terminal/visible.ts'
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
  const args = [
    ...inventoryArgs(inventories),
    '--limit',
    hosts.map(({ name }) => name).join(','),
    '--extra-vars',
    JSON.stringify({ bundle_archive: bundle.archive, bundle_hash: bundle.hash }),
    ...(flags.check ? ['--check'] : []),
    ...(flags.tags === undefined ? [] : ['--tags', flags.tags]),
    playbookPath('provision.yml'),
  ]
  const names = hosts.map(({ name }) => name)
  const played = withUnplayed(await play(args, await configuredSshArgs(inventories), context), names)
  const changes = flags.check ? 'would be changed' : 'changed'
  for (const { name, ok, changed, reason } of played) {
    const outcome = ok ? `ready, ${changed} ${changes}` : (reason ?? '')
    context.stdout.write(`${name}: ${visible(outcome)}\n`)
  }
  return played.every(({ ok }) => ok) ? ExitCode.done : ExitCode.hostNotReady
}

/** Settings of ansible/ansible.cfg. None of them decides which machine is reached, or as whom. */
const SPEED = {
  ANSIBLE_FORKS: '50',
  ANSIBLE_GATHERING: 'explicit',
  ANSIBLE_PYTHON_INTERPRETER: 'auto_silent',
  ANSIBLE_STRATEGY: 'linear',
  ANSIBLE_PIPELINING: '1',
  ANSIBLE_SSH_TRANSFER_METHOD: 'piped',
  ANSIBLE_SSH_RETRIES: '2',
}
/** After the user's own, since ssh takes the first. */
const NOTICE_CUT_LINKS = '-o ServerAliveInterval=15'

/** Each task is named on standard error as it begins. Throws where the playbook did not come to the hosts at all. */
async function play(args: readonly string[], sshArgs: string, { stderr }: Context): Promise<PlayedHost[]> {
  const playbook = execa('ansible-playbook', args, {
    reject: false,
    stdin: 'ignore',
    env: { ...ANSIBLE_ENVIRONMENT, ...SPEED, ANSIBLE_SSH_ARGS: `${sshArgs} ${NOTICE_CUT_LINKS}` },
  })
  for await (const line of playbook.iterable()) {
    const task = /^TASK \[(.*)\]/.exec(line)?.[1]
    if (task !== undefined) stderr.write(`${task}\n`)
  }
  const { stdout, stderr: said, exitCode } = await playbook
  const played = playedHosts(stdout)
  if (played.length > 0) return played
  throw new BenchError(withLastLines(`ansible-playbook ended with ${exitCode ?? 'nothing'}`, said), {
    code: 'host.not-provisioned',
    hint: 'is ansible-core installed here? npm run setup installs it',
    exitCode: ExitCode.hostNotReady,
  })
}
