import type { CalibrateFlags } from '../calibrate.ts'
import type { Register } from './register.ts'

export const registerCalibrate: Register = (program, context, finish) => {
  program
    .command('calibrate')
    .description(
      'measure the cost of the harness, the limits of the disk and the noise of the host (as root)',
    )
    .option('--full', 'about three and a half minutes (default)')
    .option('--brief', 'about 15 seconds, as before a run')
    .option('--scratch <dir>', 'folder for a loop file (default: in the state directory)')
    .option('--device <dev>', 'a whole disk or partition to overwrite')
    .option('--destroy <name>', 'with --device: its by-id name or serial, to overwrite the data on it')
    .option('--json', 'print as JSON')
    .action(async (flags: CalibrateFlags) => {
      const { calibrate } = await import('../calibrate.ts')
      finish(await calibrate(flags, context))
    })
}
