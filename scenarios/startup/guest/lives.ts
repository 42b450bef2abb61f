/** Containers that run each in a virtual machine of its own: QEMU's process is the container's. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type { Host, JournalEntry, Piped } from '../../../harness/contracts/host.ts'
import { QEMU, type Accelerator } from '../../../harness/linux/guest/qemu.ts'
import { withLastLines } from '../../../harness/linux/last-lines.ts'
import { startTimeOf } from '../../../harness/linux/process.ts'
import type { Bundle } from '../../common/container/bundle.ts'
import type { Lives } from '../../common/container/lives.ts'
import type { Limited } from '../../common/container/runtime-limit.ts'
import { createDialogue } from './dialogue.ts'
import { guestArgs } from './machine.ts'

const NANOSECONDS = 1e9
/** How long a machine may take from its start to its end: an emulated one of many on a busy host. Seconds. */
export const GUEST_LIMIT_SECONDS = 600
/** How errors call a machine that hangs. */
export const GUEST: Limited = {
  name: () => 'the virtual machine',
  hint: 'give another kernel: --set startup.kernel=FILE',
}
/** Lines of what the guest wrote that an error quotes. */
const QUOTED_LINES = 2

/** What every guest of a trial boots from. */
export interface Guest {
  accelerator: Accelerator
  kernel: string
  /** `uname -r` in the guest. */
  release: string
  initrd: string
}

interface Going {
  piped: Piped
  entry: JournalEntry
}

export function guestLives(host: Host, guest: Guest): Lives {
  const going = new Map<string, Going>()
  const forget = (bundle: Bundle) => {
    const one = going.get(bundle.id)
    if (one !== undefined) host.journal.forget(one.entry)
    going.delete(bundle.id)
  }
  return {
    // Nothing has to be made ready.
    announce: () => Promise.resolve(),
    async start(bundle) {
      const dialogue = createDialogue()
      const args = guestArgs({ ...guest, name: bundle.id, root: rootOf(bundle) })
      const begin = process.hrtime.bigint()
      const piped = host.pipe(QEMU, args, { hear: dialogue.hear })
      // The guest boots meanwhile. It cannot be written down before it has a number.
      going.set(bundle.id, { piped, entry: announceProcess(host, piped.pid) })
      const died = piped.ended.then(() => guestFailed(piped))
      const [initAt, readyAt] = await Promise.race([
        Promise.all([dialogue.init, dialogue.firstByte]),
        // What it wrote at last is heard by then.
        died.then((error) => Promise.reject(error)),
      ])
      return {
        create: 0,
        start: secondsBetween(begin, initAt),
        ready: secondsBetween(initAt, readyAt),
        readyAt,
        kill: async () => piped.kill(),
        async finish() {
          const { at } = await piped.exited
          await piped.ended
          const ended = dialogue.ended()
          if (ended === null) throw await guestFailed(piped)
          forget(bundle)
          // The event loop may see the end of a short life before its output.
          return { exit: Math.max(0, secondsBetween(readyAt, at)), output: ended.output }
        },
      }
    },
    async abandon(bundle) {
      const { piped } = going.get(bundle.id) ?? {}
      piped?.kill()
      await piped?.ended
      forget(bundle)
    },
  }
}

function announceProcess(host: Host, pid: number): JournalEntry {
  const entry: JournalEntry = { kind: 'process', pid, startTime: startTimeOf(pid) ?? 0, name: QEMU }
  host.journal.record(entry)
  return entry
}

/** Returns the mount point of the container, as the bundle gives it to a runtime. */
function rootOf({ directory }: Bundle): string {
  const { root } = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8')) as {
    root: { path: string }
  }
  return root.path
}

async function guestFailed(piped: Piped): Promise<BenchError> {
  const { exitCode, stdout, stderr } = await piped.ended
  const said = `${stdout.replaceAll('\r', '')}\n${stderr}`
  const message = `the virtual machine ended before the container's output, QEMU with ${exitCode}`
  return new BenchError(withLastLines(message, said, QUOTED_LINES), {
    code: 'scenario.guest-failed',
    hint: GUEST.hint,
    exitCode: ExitCode.cellFailed,
  })
}

function secondsBetween(from: bigint, to: bigint): number {
  return Number(to - from) / NANOSECONDS
}
