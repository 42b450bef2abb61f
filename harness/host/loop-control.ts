import { spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { errnoOf } from '../contracts/syscalls.ts'

const CONTROL = '/dev/loop-control'
const NOT_THERE: readonly (string | null)[] = ['ENOENT', 'ENODEV', 'ENXIO']

/**
 * Opens the control of loop devices. As a rule opening it loads the module, if it is one (its alias is `devname:loop-control`);
 * where nobody has made the device before that, as without udev, modprobe is asked. Throws `host.no-loop`.
 */
export function openLoopControl(path = CONTROL, load: () => void = loadModule): number {
  return open(path) ?? (load(), open(path)) ?? noLoopDevices(path)
}

function open(path: string): number | null {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    if (NOT_THERE.includes(errnoOf(error))) return null
    throw error
  }
}

function loadModule(): void {
  spawnSync('modprobe', ['--quiet', 'loop'], { stdio: 'ignore' })
}

function noLoopDevices(path: string): never {
  throw new BenchError(`the kernel has no loop devices: ${path} does not exist`, {
    code: 'host.no-loop',
    hint: 'load the module loop, or measure with --device',
    exitCode: ExitCode.hostNotReady,
  })
}
