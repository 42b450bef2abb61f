/** `bench lab …`: the subcommands and their options. */
import type { UpFlags } from '../lab-request.ts'
import type { Register } from './register.ts'

export const registerLab: Register = (program, context, finish) => {
  const lab = program
    .command('lab')
    .description('manage disposable virtual machines to measure on')
    .exitOverride()

  lab
    .command('up')
    .description('start machines, each with an empty scratch disk')
    .option('--flavour <name>', 'image to use (default: debian-12; for User-mode Linux: uml)')
    .option('--kind <kind>', 'qemu (default) or uml (User-mode Linux)')
    .option('--count <n>', 'number of machines (default: 1)')
    .option('--scratch <size>', 'size of /dev/disk/by-id/virtio-bench-scratch (default: 16G)')
    .option('--memory <size>', 'memory of each machine (default: 1G)')
    .option('--name <name>', 'machine name; several get a number (default: flavour and number)')
    .option('--kernel <file>', 'your own kernel image')
    .option('--initrd <file>', 'with --kernel: its initrd')
    .option('--modules <dir>', 'with --kernel: its modules, as in /lib/modules/RELEASE')
    .option('--append <arguments>', 'kernel arguments to add: "slub_debug=FZ nokaslr"')
    .action(async (flags: UpFlags) => {
      const { labUp } = await import('../lab-up.ts')
      finish(await labUp(flags, context))
    })

  lab
    .command('list')
    .description('list the machines, running or not')
    .option('--json', 'print as JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { labList } = await import('../lab.ts')
      finish(labList(json, context))
    })

  lab
    .command('ssh')
    .description('log in to a machine as root, or run a command there')
    .argument('<name>', 'the machine')
    .argument('[command...]', 'after --: passed on unchanged')
    .action(async (name: string, command: string[]) => {
      const { labSsh } = await import('../lab.ts')
      finish(await labSsh(name, command))
    })

  lab
    .command('start')
    .description('boot stopped machines; their disks are unchanged')
    .argument('<names...>', 'the machines')
    .action(async (names: string[]) => {
      const { labStart } = await import('../lab.ts')
      finish(await labStart(names, context))
    })

  lab
    .command('down')
    .description('stop machines and remove everything that belongs to them')
    .argument('[names...]', 'the machines')
    .option('--all', 'all machines')
    .action(async (names: string[], { all = false }: { all?: boolean }) => {
      const { labDown } = await import('../lab.ts')
      finish(await labDown(names, all, context))
    })

  lab
    .command('prune')
    .description('remove images that no machine uses and no current recipe produces')
    .option('--all', 'remove current images too; building one again takes minutes')
    .action(async ({ all = false }: { all?: boolean }) => {
      const { labPrune } = await import('../lab-prune.ts')
      finish(await labPrune(all, context))
    })
}
