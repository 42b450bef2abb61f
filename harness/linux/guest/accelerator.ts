/** KVM or translation. A device that can be opened does not mean that a guest gets anywhere, so one is booted. */
import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Host } from '../../contracts/host.ts'
import { acceleratorArgs, BARE, QEMU, type Accelerator } from './qemu.ts'
import { makeFolders } from '../make-folders.ts'
import { replaceFile } from '../replace-file.ts'
import { stateDirectory } from '../xdg.ts'

const KVM = '/dev/kvm'
/** A guest under KVM has come that far in about a second. */
const PROBE_SECONDS = 10
/** The last thing that a kernel says before its first process; one without an initrd has no root here. */
const BOOTED = /Run \S+ as init process|Kernel panic - not syncing: VFS/

const answerSchema = z.object({
  kernel: z.string(),
  cpu: z.string(),
  qemu: z.string(),
  works: z.boolean(),
})

export interface Choice {
  accelerator: Accelerator
  /** Why not KVM; null with it. */
  reason: string | null
}

/** What a guest boots from. */
export interface BootFiles {
  kernel: string
  initrd: string | null
}

/** Returns the file that remembers whether KVM works. `state`: the folder for state. */
export function kvmAnswerFile(state = stateDirectory()): string {
  return join(state, 'lab/kvm.json')
}

interface Question {
  host: Pick<Host, 'run'>
  image: BootFiles
  /** Where the answer is kept, for this kernel, processor and QEMU. */
  file: string
  device?: string
  boots?: (image: BootFiles) => Promise<boolean>
}

export async function chooseAccelerator({
  host,
  image,
  file,
  device = KVM,
  boots = guestBoots,
}: Question): Promise<Choice> {
  if (!canOpen(device)) return { accelerator: 'tcg', reason: `${device} cannot be opened` }
  const { stdout } = await host.run(QEMU, ['--version'])
  const here = { kernel: release(), cpu: cpus()[0]?.model ?? '', qemu: stdout.split('\n')[0] ?? '' }
  let works = remembered(file, here)
  if (works === null) {
    works = await boots(image)
    makeFolders(dirname(file), 0o700)
    replaceFile(file, `${JSON.stringify({ ...here, works })}\n`)
  }
  return works
    ? { accelerator: 'kvm', reason: null }
    : { accelerator: 'tcg', reason: 'a guest under KVM does not boot here' }
}

function canOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

function remembered(file: string, here: Omit<z.infer<typeof answerSchema>, 'works'>): boolean | null {
  try {
    const { works, ...there } = answerSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return JSON.stringify(there) === JSON.stringify(here) ? works : null
  } catch {
    // Nothing was found out yet.
    return null
  }
}

/** Boots the kernel, without disks, until it has something to say. */
function guestBoots({ kernel, initrd }: BootFiles): Promise<boolean> {
  const args = [
    [...BARE, '-no-reboot', '-m', '512M', '-serial', 'stdio'],
    acceleratorArgs('kvm'),
    ['-kernel', kernel, ...(initrd === null ? [] : ['-initrd', initrd])],
    ['-append', 'console=ttyS0 loglevel=7 panic=-1'],
  ].flat()
  const guest = spawn(QEMU, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  let boots = false
  guest.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    boots = BOOTED.test(said)
    if (boots) guest.kill('SIGKILL')
  })
  const timer = setTimeout(() => guest.kill('SIGKILL'), PROBE_SECONDS * 1000)
  return new Promise((resolve) => {
    guest.once('error', () => resolve(false))
    guest.once('close', () => {
      clearTimeout(timer)
      resolve(boots)
    })
  })
}
