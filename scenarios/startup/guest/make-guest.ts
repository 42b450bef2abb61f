/** Makes ready, before anything is timed, what the virtual machines of a trial boot from. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../../harness/contracts/error.ts'
import type { OwnProcess } from '../../../harness/contracts/own-process.ts'
import type { Trial } from '../../../harness/contracts/scenario.ts'
import { chooseAccelerator, kvmAnswerFile } from '../../../harness/linux/guest/accelerator.ts'
import { makeInitrd } from '../../../harness/linux/guest/initrd.ts'
import { QEMU } from '../../../harness/linux/guest/qemu.ts'
import { findKernel, type GuestKernel } from './kernel.ts'
import type { Guest } from './lives.ts'
import { guestInit, MODULES } from './machine.ts'
import { noGuest } from './no-guest.ts'

/** Programs that make and run a guest, and the Debian packages that contain them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  [QEMU]: 'qemu-system-x86',
  modprobe: 'kmod',
  busybox: 'busybox-static',
}

/** Throws `scenario.no-guest` where this host, or this trial, cannot have one. */
export async function makeGuest(trial: Trial, kernel: string, process: OwnProcess): Promise<Guest> {
  requireGuests(trial)
  const { host, directory } = trial
  const { file, release, root } = await findKernel(kernel, host.kernelRelease)
  const initrd = join(directory, 'initrd')
  await writeInitrd(trial, { file, release, root }, process, initrd)
  const image = { kernel: file, initrd }
  const { accelerator } = await chooseAccelerator({ host, image, file: kvmAnswerFile() })
  return { accelerator, release, ...image }
}

function requireGuests({ host, engine, own }: Trial): void {
  if (process.arch !== 'x64')
    throw noGuest(
      `runtime=vm starts machines of x86-64, and this is ${process.arch}`,
      'measure it on an x86-64 host',
    )
  if (engine !== null)
    throw noGuest(
      "the driver's engine starts containers alone",
      'measure runtime=vm on a driver without engine',
    )
  if (own !== null)
    throw noGuest('a virtual machine starts the made-up image alone', 'measure --image with crun or runc')
  const missing = Object.keys(PROGRAMS).filter((program) => host.which(program) === null)
  if (missing.length === 0) return
  const packages = missing.map((program) => PROGRAMS[program]).join(' ')
  throw noGuest(
    `a virtual machine needs ${missing.join(', ')}`,
    `on Debian: apt-get install --no-install-recommends ${packages}`,
  )
}

async function writeInitrd(
  { host, directory }: Trial,
  { release, root }: GuestKernel,
  process: OwnProcess,
  file: string,
): Promise<void> {
  const init = join(directory, 'init')
  writeFileSync(init, guestInit(process))
  const scratch = join(directory, 'initrd.d')
  try {
    await makeInitrd(host, { root, release, modules: MODULES, init, scratch, file })
  } catch (error) {
    // A kernel without the drivers, or a busybox that needs a C library: neither is a fault of this trial.
    if (error instanceof BenchError && ['usage.no-driver', 'guest.no-busybox'].includes(error.code))
      throw noGuest(error.message, `${error.hint ?? ''}; --set startup.kernel=FILE takes another kernel`)
    throw error
  }
}
