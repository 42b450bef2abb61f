/** `bench host …`: the subcommands and their options. */
import type { Command } from 'commander'
import type { HostsAsked } from '../../plan/request.ts'
import type { Context } from '../context.ts'
import type { AttachFlags } from '../host/attach.ts'
import type { AddFlags } from '../host/edit-hosts.ts'
import type { FetchFlags } from '../host/fetch.ts'
import type { ProvisionFlags } from '../host/provision.ts'
import type { Register } from './register.ts'

type Where = Pick<HostsAsked, 'inventory' | 'limit'>

export const registerHost: Register = (program, context, finish) => {
  const host = program
    .command('host')
    .description('manage hosts to measure over SSH: a plain Ansible inventory')
    .exitOverride()
  inventoryCommands(host, context, finish)
  readinessCommands(host, context, finish)
  jobCommands(host, context, finish)
}

function inventoryCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  host
    .command('add')
    .description('add a host to the inventory')
    .argument('<name>', 'name for the host')
    .argument('<address>', 'host name or IP address')
    .option('--user <name>', 'login user; sudo is used unless it is root (default: as ssh would)')
    .option('--port <n>', 'port of the SSH server (default: as ssh would)')
    .option('--identity <file>', 'private key file (default: as ssh would)')
    .option('--device <dev>', 'a disk or partition on the host that runs may overwrite')
    .option('--scratch <dir>', 'a folder on the host for loop files')
    .action(async (name: string, address: string, flags: AddFlags) => {
      const { add } = await import('../host/edit-hosts.ts')
      finish(await add(name, address, flags, context))
    })

  inventoryOptions(host.command('list').description('list the hosts, including lab machines'))
    .option('--json', 'print as JSON')
    .action(async (flags: Where & { json?: true }) => {
      const { list } = await import('../host/edit-hosts.ts')
      finish(await list(asked([], flags), flags.json ?? false, context))
    })

  host
    .command('remove')
    .description('remove a host from the inventory')
    .argument('<name>', 'the host')
    .action(async (name: string) => {
      const { remove } = await import('../host/edit-hosts.ts')
      finish(await remove(name, context))
    })
}

function readinessCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  whereOptions(host.command('provision').description('install what runs need on hosts, with Ansible'))
    .option('--check', 'show what would change; change nothing')
    .option('--tags <names>', 'only tasks with these tags, comma-separated')
    .action(async (names: string[], flags: Where & ProvisionFlags) => {
      const { provision } = await import('../host/provision.ts')
      finish(await provision(asked(names, flags), flags, context))
    })

  whereOptions(host.command('doctor').description('check hosts, side by side'))
    .option('--json', 'print as JSON')
    .action(async (names: string[], flags: Where & { json?: true }) => {
      const { hostDoctor } = await import('../host/host-doctor.ts')
      finish(await hostDoctor(asked(names, flags), flags.json ?? false, context))
    })
}

function jobCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  host
    .command('attach')
    .description('resume following the hosts of a run whose controller ended')
    .argument('<fleet>', 'the folder that bench run --host printed, or its id')
    .option('--output <dir>', 'folder to find an id in (default: bench-runs)')
    .option('--json', 'print only the result, as JSON on standard output')
    .option('--quiet', 'print no progress')
    .action(async (fleet: string, flags: AttachFlags) => {
      const { attach } = await import('../host/attach.ts')
      finish(await attach(fleet, flags, context))
    })

  host
    .command('fetch')
    .description('download the results of a job on a host; without a job, list its jobs')
    .argument('<name>', 'the host')
    .argument('[job]', 'id of the job')
    .option('--output <dir>', 'parent of the run folder (default: bench-runs)')
    .option('--json', 'print as JSON')
    .action(async (name: string, job: string | undefined, flags: FetchFlags) => {
      const { fetchJob } = await import('../host/fetch.ts')
      finish(await fetchJob(name, job, flags, context))
    })

  host
    .command('stop')
    .description('stop running jobs cleanly')
    .argument('<names...>', 'the hosts')
    .action(async (names: string[]) => {
      const { stop } = await import('../host/stop.ts')
      finish(await stop(names, context))
    })
}

function whereOptions(command: Command): Command {
  return inventoryOptions(command.argument('[names...]', 'the hosts'))
}

function inventoryOptions(command: Command): Command {
  return command
    .option('--inventory <file>', 'use this Ansible inventory instead of names')
    .option(
      '--limit <pattern>',
      'with --inventory: only hosts that match this Ansible pattern (default: all)',
    )
}

function asked(names: readonly string[], { inventory, limit }: Where): HostsAsked {
  return {
    ...(names.length === 0 ? {} : { host: [...names] }),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  }
}
