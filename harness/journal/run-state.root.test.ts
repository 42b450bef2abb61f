import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasEnded, identityOf } from '../linux/process.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { isGoingOn, isOdd, openFound } from './find-journals.ts'
import { machineId, pidNamespace } from './here.ts'
import { openJournal } from './journal.ts'

const RUN = '20260131-142501-k3x9'
/** More than any state takes to come, also on a busy machine. */
const MILLISECONDS = 60_000
const TSX = ['--import', 'tsx', '--input-type=module', '--eval']
const FIND = join(import.meta.dirname, 'find-journals.ts')
const JOURNAL = join(import.meta.dirname, 'journal.ts')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync('/var/tmp/bench-test-state-')
  path = join(folder, `${RUN}.ndjson`)
})
afterEach(() => rmSync(folder, { recursive: true }))

function state(): string {
  const found = openFound(path)
  if (found === null || isOdd(found)) return 'odd'
  using journal = found
  return journal.state
}

/** Returns a process that begins the journal and waits; it is killed at the end. */
async function owner(): Promise<ChildProcess> {
  const program = `const { openJournal } = await import(${JSON.stringify(JOURNAL)})
    openJournal(${JSON.stringify(folder)}, '${RUN}', [])
    console.log('open')
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, [...TSX, program], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** A journal as an earlier bench began it: without a lock. */
function writeOld(changes: object = {}): void {
  const begin = { op: 'begin', owner: { ...identityOf(process.pid), run: RUN, ...changes } }
  writeFileSync(path, `${JSON.stringify(begin)}\n`, { mode: 0o600 })
}

describe('a run', () => {
  test('goes on while its lock is held, and has ended when it is not', () => {
    const journal = openJournal(folder, RUN, [])
    expect(state()).toBe('going-on')
    expect(isGoingOn(folder, RUN)).toBe(true)
    journal.close()
    expect(state()).toBe('ended')
    expect(isGoingOn(folder, RUN)).toBe(false)
  })

  test('of a process that nobody has waited for has ended', async () => {
    // The shell starts it and becomes a program that waits for no child.
    const program = `const { openJournal } = await import(${JSON.stringify(JOURNAL)})
      openJournal(${JSON.stringify(folder)}, '${RUN}', [])
      console.log('pid', process.pid)
      setInterval(() => undefined, 1000)`
    const words = [process.execPath, ...TSX, program].map(
      (word) => `'${word.replaceAll("'", String.raw`'\''`)}'`,
    )
    const shell = spawn('sh', ['-c', `${words.join(' ')} & exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString().split(' ')[1])
    expect(state()).toBe('going-on')
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(hasEnded(pid)).toBe(true), MILLISECONDS)
    // Its threads end one after the other.
    await vi.waitFor(() => expect(state()).toBe('ended'), MILLISECONDS)
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ')
    shell.kill('SIGKILL')
    await once(shell, 'exit')
  })

  test.skipIf(!isRoot)('goes on when it is looked at from another process namespace', async () => {
    const running = await owner()
    const program = `const { openFound } = await import(${JSON.stringify(FIND)})
      console.log(openFound(${JSON.stringify(path)}).state)`
    const namespaces = ['--pid', '--fork', '--mount-proc', process.execPath, ...TSX, program]
    const look = () => spawnSync('unshare', namespaces, { encoding: 'utf8' }).stdout.trim()
    expect(look()).toBe('going-on')
    running.kill('SIGKILL')
    await once(running, 'exit')
    expect(look()).toBe('ended')
    expect(state()).toBe('ended')
  })

  test('whose process is gone, but not its lock, is orphaned', async () => {
    const running = await owner()
    const text = readFileSync(path, 'utf8')
    // Its process as another one's, which has ended: what holds the lock is what it started.
    const gone = spawnSync('true')
    writeFileSync(path, text.replace(`"pid":${running.pid}`, `"pid":${gone.pid}`))
    expect(state()).toBe('orphaned')
    // In another namespace that number may be anyone's.
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(`"pidNamespace":${pidNamespace()}`, '"pidNamespace":1'),
    )
    expect(state()).toBe('going-on')
    running.kill('SIGKILL')
    await once(running, 'exit')
    expect(state()).toBe('ended')
  })

  test('of an earlier bench, which held no lock, is known by its process', async () => {
    writeOld()
    expect(state()).toBe('going-on')
    writeOld({ startTime: 1 })
    expect(state()).toBe('ended')
    writeOld({ bootId: '00000000-0000-0000-0000-000000000000' })
    expect(state()).toBe('ended')
  })

  test('of another machine, which shares the folder, is elsewhere', ({ skip }) => {
    skip(machineId() === null, 'this machine has no /etc/machine-id')
    const other = { bootId: '00000000-0000-0000-0000-000000000000', pidNamespace: pidNamespace() }
    writeOld({ ...other, machine: 'another' })
    expect(state()).toBe('elsewhere')
    writeOld({ ...other, machine: machineId() })
    expect(state()).toBe('ended')
  })
})
