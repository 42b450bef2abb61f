/** A FUSE daemon that hangs takes the measuring process with it, but not the run, and not bench clean. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { endHolders } from '../journal/end-run.ts'
import { openJournal } from '../journal/journal.ts'
import { lockHolders } from '../linux/lock-holders.ts'
import { processIds } from '../linux/process.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { smallPlan } from '../testing/small-run.ts'
import { supervise } from '../runner/supervise.ts'
import { writeHungFuse } from '../testing/hung-fuse.ts'
import { clean } from './clean.ts'

const RUN = '20260131-142501-k3x9'

let folder: string
let journals: string
let own: string

beforeEach(() => {
  folder = mkdtempSync('/var/tmp/bench-test-hung-')
  vi.stubEnv('XDG_STATE_HOME', folder)
  journals = join(folder, 'bench/journal')
  own = join(folder, RUN)
  mkdirSync(own)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await endHolders(join(journals, `${RUN}.ndjson`))
  rmSync(folder, { recursive: true, force: true })
})

/** Comes when the daemon has taken a request, which it never answers. */
async function hung(): Promise<void> {
  await vi.waitFor(() => expect(existsSync(join(own, 'hung.taken'))).toBe(true), 20_000)
}

/** Processes that have one of the programs in their command line. */
function processes(): string[] {
  return processIds().filter((pid) => commandLine(pid).includes(folder) && pid !== String(process.pid))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

describe.skipIf(!isRoot || !existsSync('/dev/fuse'))('a FUSE daemon that hangs', () => {
  test('does not keep a run from its end: the second signal ends everything', async () => {
    const journal = openJournal(journals, RUN, [folder])
    let signal: (received: NodeJS.Signals) => void = () => undefined
    const stopTwice = async () => {
      await hung()
      for (let time = 0; time < 2; time += 1) signal('SIGTERM')
    }
    const began = Date.now()
    const ending = await supervise({
      program: writeHungFuse(folder),
      command: {
        type: 'job',
        job: {
          plan: smallPlan(),
          device: null,
          runId: RUN,
          runFolder: folder,
          directory: own,
          journalDirectory: journals,
          resumed: null,
        },
      },
      journal,
      hint: null,
      patienceMilliseconds: 20_000,
      onMessage({ type }) {
        if (type !== 'trial') return
        void stopTwice()
      },
      onSignal(handler) {
        signal = handler
        return () => undefined
      },
    })
    expect(ending).toMatchObject({ error: null, signal: 'SIGTERM', finished: false })
    expect(Date.now() - began).toBeLessThan(20_000)
    expect(processes()).toEqual([])
    journal.close()
  })

  test('that a killed run left is ended by bench clean, which then finds nothing left', async () => {
    const script = join(import.meta.dirname, 'testing/hung-run.ts')
    const parent = spawn(process.execPath, ['--import', 'tsx', script, folder, journals, RUN], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    parent.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    while (!said.includes('trial')) await once(parent.stdout, 'data')
    await hung()
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    // The kernel ends unshare and cannot end what that has started.
    const journal = join(journals, `${RUN}.ndjson`)
    await vi.waitFor(() => expect(lockHolders(journal)).toHaveLength(1), 10_000)
    const state = () => readFileSync(`/proc/${lockHolders(journal)[0]?.pid}/stat`, 'utf8')
    await vi.waitFor(() => expect(state()).toMatch(/\) D /), 10_000)
    const output = { out: '', err: '' }
    const code = await clean({
      stdout: { write: (text: string) => (output.out += text) },
      stderr: { write: (text: string) => (output.err += text) },
    })
    expect({ code, err: output.err }).toEqual({ code: 0, err: '' })
    expect(output.out).toContain(`run ${RUN} was killed, and its measuring process did not end: ending it`)
    expect(output.out).toContain(`removed ${own}`)
    expect(processes()).toEqual([])
    expect(readdirSync(journals)).toEqual([])
  })
})
