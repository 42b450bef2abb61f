/** `bench lab`: the commands and their options. */
import type { Command } from 'commander'
import type { Context } from './context.ts'
import type { UpFlags } from './lab-request.ts'

export function labCommands(program: Command, context: Context, finish: (exitCode: number) => void): void {
  const lab = program.command('lab').description('disposable virtual machines to measure on').exitOverride()

  lab
    .command('up')
    .description('bring up machines, each with an empty disk as scratch')
    .option('--flavour <name>', 'what is in them (default debian-12; of User-mode Linux: uml)')
    .option('--kind <kind>', 'qemu (default) or uml, User-mode Linux')
    .option('--count <n>', 'so many machines (default 1)')
    .option('--scratch <size>', 'of the disk /dev/disk/by-id/virtio-bench-scratch (default 16G)')
    .option('--memory <size>', 'of each machine (default 1G)')
    .option('--name <name>', 'of the machine; of several, with a number (default: the flavour with a number)')
    .option('--kernel <file>', 'a kernel of your own instead of the flavour’s')
    .option('--initrd <file>', 'with --kernel')
    .option('--modules <dir>', 'with --kernel: its /lib/modules/RELEASE')
    .action(async (flags: UpFlags) => {
      const { labUp } = await import('./lab-up.ts')
      finish(await labUp(flags, context))
    })

  lab
    .command('list')
    .description('the machines, running or not')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { labList } = await import('./lab.ts')
      finish(labList(json, context))
    })

  lab
    .command('ssh')
    .description('log in to a machine as root, or run a command there')
    .argument('<name>', 'the machine')
    .argument('[command...]', 'after --: its words arrive as they are given')
    .action(async (name: string, command: string[]) => {
      const { labSsh } = await import('./lab.ts')
      finish(await labSsh(name, command))
    })

  lab
    .command('start')
    .description('boot machines that ended, with their disks as they were')
    .argument('<names...>', 'the machines')
    .action(async (names: string[]) => {
      const { labStart } = await import('./lab.ts')
      finish(await labStart(names, context))
    })

  lab
    .command('down')
    .description('end machines and remove all that was theirs')
    .argument('[names...]', 'the machines')
    .option('--all', 'every one')
    .action(async (names: string[], { all = false }: { all?: boolean }) => {
      const { labDown } = await import('./lab.ts')
      finish(await labDown(names, all, context))
    })

  lab
    .command('prune')
    .description('remove images that no machine uses and that today’s recipes do not make')
    .option('--all', 'those of today’s recipes as well; the next machine needs minutes')
    .action(async ({ all = false }: { all?: boolean }) => {
      const { labPrune } = await import('./lab-prune.ts')
      finish(await labPrune(all, context))
    })
}
