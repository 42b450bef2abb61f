/** `bench host …`: the subcommands and their options. Their bodies are loaded when they are called. */
import type { Command } from 'commander'
import type { HostsAsked } from '../plan/request.ts'
import type { Context } from './context.ts'
import type { AttachFlags } from './host/attach.ts'
import type { AddFlags } from './host/edit-hosts.ts'
import type { FetchFlags } from './host/fetch.ts'
import type { ProvisionFlags } from './host/provision.ts'

type Where = Pick<HostsAsked, 'inventory' | 'limit'>

export function hostCommands(program: Command, context: Context, finish: (exitCode: number) => void): void {
  const host = program
    .command('host')
    .description('hosts that are measured over SSH: a plain Ansible inventory')
    .exitOverride()
  inventoryCommands(host, context, finish)
  readinessCommands(host, context, finish)
  jobCommands(host, context, finish)
}

function inventoryCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  host
    .command('add')
    .description('write a host into the inventory')
    .argument('<name>')
    .argument('<address>', 'host name or IP address')
    .option(
      '--user <name>',
      'who logs in; one who is not root becomes it by sudo (default: what ssh would use)',
    )
    .option('--port <n>', 'of its SSH server (default: what ssh would use)')
    .option('--identity <file>', 'the private key (default: what ssh would use)')
    .option('--device <dev>', 'a disk or partition there that runs may overwrite')
    .option('--scratch <dir>', 'a folder there for loop files')
    .action(async (name: string, address: string, flags: AddFlags) => {
      const { add } = await import('./host/edit-hosts.ts')
      finish(await add(name, address, flags, context))
    })

  inventoryOptions(host.command('list').description('the hosts, with those of the lab'))
    .option('--json', 'print as JSON')
    .action(async (flags: Where & { json?: true }) => {
      const { list } = await import('./host/edit-hosts.ts')
      finish(await list(asked([], flags), flags.json ?? false, context))
    })

  host
    .command('remove')
    .description('take a host out of the inventory')
    .argument('<name>')
    .action(async (name: string) => {
      const { remove } = await import('./host/edit-hosts.ts')
      finish(await remove(name, context))
    })
}

function readinessCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  whereOptions(host.command('provision').description('install on hosts what runs need, by Ansible'))
    .option('--check', 'say what would change; change nothing')
    .option('--tags <names>', 'only tasks with these tags, comma-separated')
    .action(async (names: string[], flags: Where & ProvisionFlags) => {
      const { provision } = await import('./host/provision.ts')
      finish(await provision(asked(names, flags), flags, context))
    })

  whereOptions(host.command('doctor').description('hosts as the harness sees them, side by side'))
    .option('--json', 'print as JSON')
    .action(async (names: string[], flags: Where & { json?: true }) => {
      const { hostDoctor } = await import('./host/doctor.ts')
      finish(await hostDoctor(asked(names, flags), flags.json ?? false, context))
    })
}

function jobCommands(host: Command, context: Context, finish: (exitCode: number) => void): void {
  host
    .command('attach')
    .description('go on following hosts after the controller of a run was gone')
    .argument('<fleet>', 'the folder that bench run --host named, or its id')
    .option('--output <dir>', 'where an id is looked for (default: bench-runs)')
    .option('--json', 'print the result as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .action(async (fleet: string, flags: AttachFlags) => {
      const { attach } = await import('./host/attach.ts')
      finish(await attach(fleet, flags, context))
    })

  host
    .command('fetch')
    .description('bring home what a job on a host has measured; without a job, list them')
    .argument('<name>')
    .argument('[job]')
    .option('--output <dir>', 'where the run folder is made (default: bench-runs)')
    .option('--json', 'print as JSON')
    .action(async (name: string, job: string | undefined, flags: FetchFlags) => {
      const { fetchJob } = await import('./host/fetch.ts')
      finish(await fetchJob(name, job, flags, context))
    })

  host
    .command('stop')
    .description('ask what goes on at hosts to stop in order')
    .argument('<names...>')
    .action(async (names: string[]) => {
      const { stop } = await import('./host/stop.ts')
      finish(await stop(names, context))
    })
}

function whereOptions(command: Command): Command {
  return inventoryOptions(command.argument('[names...]'))
}

function inventoryOptions(command: Command): Command {
  return command
    .option('--inventory <file>', 'an Ansible inventory of your own, instead of names')
    .option('--limit <pattern>', 'with --inventory: which of its hosts, as Ansible reads it (default: all)')
}

function asked(names: readonly string[], { inventory, limit }: Where): HostsAsked {
  return {
    ...(names.length === 0 ? {} : { host: [...names] }),
    ...(inventory === undefined ? {} : { inventory }),
    ...(limit === undefined ? {} : { limit }),
  }
}
