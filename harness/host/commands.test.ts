import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { benchErrorOf, benchErrorOfAsync } from '../testing/errors.ts'
import { daemon, pipe, run, which } from './commands.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-commands-'))
  writeFileSync(join(folder, 'broken'), '#!/no/such/interpreter\n', { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const sh = (script: string, options = {}) => run('sh', ['-c', script], options)
const alive = (pid: number) => existsSync(`/proc/${pid}`)

/** Makes the folders and puts them into PATH, until it is disposed of. */
function pathOf(...names: readonly string[]) {
  const before = process.env['PATH']
  const folders = names.map((name) => mkdtempSync(join(folder, name)))
  process.env['PATH'] = [...folders, before].join(':')
  return { folders, [Symbol.dispose]: () => void (process.env['PATH'] = before) }
}

describe('a program', () => {
  test('is found in PATH, or in the sbin folders without it', () => {
    const before = process.env['PATH']
    try {
      expect(which('sh')).toMatch(/\/sh$/)
      process.env['PATH'] = ''
      expect(which('losetup')).toMatch(/sbin\/losetup$/)
      expect(which('sh')).toBeNull()
    } finally {
      process.env['PATH'] = before
    }
  })

  test('that is not executable is passed over for another, and is broken, not missing, where it is the only one', () => {
    using path = pathOf('locked', 'folders', 'open')
    const [locked = '', folders = '', open = ''] = path.folders
    writeFileSync(join(locked, 'program'), '#!/bin/sh\n', { mode: 0o644 })
    mkdirSync(join(folders, 'program'))
    expect(which('program')).toBe(join(locked, 'program'))
    writeFileSync(join(open, 'program'), '#!/bin/sh\n', { mode: 0o755 })
    expect(which('program')).toBe(join(open, 'program'))
  })

  test.each([
    ['is not executable', '#!/bin/sh\n', 0o644, 'it is not executable'],
    ['lacks its interpreter', '#!/no/such/interpreter\n', 0o755, 'its interpreter is missing'],
  ])('that %s cannot be started, which is one line', async (_, text, mode, why) => {
    using path = pathOf('own')
    const [own = ''] = path.folders
    writeFileSync(join(own, 'program'), text, { mode })
    const refused = {
      code: 'host.not-started',
      exitCode: 4,
      message: `${own}/program cannot be started: ${why}`,
    }
    expect(await benchErrorOfAsync(run('program', []))).toMatchObject(refused)
    expect(benchErrorOf(() => daemon('program', []))).toMatchObject(refused)
    expect(benchErrorOf(() => pipe('program', []))).toMatchObject(refused)
  })

  test('that is not installed is a host that is not ready', async () => {
    expect(which('no-such-program')).toBeNull()
    const error = await benchErrorOfAsync(run('no-such-program', []))
    expect(error).toMatchObject({ code: 'host.no-program', exitCode: 4 })
    expect(error.message).toBe('no-such-program is not installed')
  })
})

describe('a command', () => {
  test('gives its output and exit code', async () => {
    expect(await sh('echo out; echo err >&2')).toEqual({ exitCode: 0, stdout: 'out\n', stderr: 'err\n' })
  })

  test('takes input, a folder and variables; messages are not translated', async () => {
    const options = { input: 'hello', cwd: folder, env: { BENCH_TEST: 'v' } }
    const { stdout } = await sh('cat; pwd; echo "$BENCH_TEST $LC_ALL"', options)
    expect(stdout).toBe(`hello${folder}\nv C\n`)
  })

  test('that fails is an error with the last lines of what it said', async () => {
    const error = await benchErrorOfAsync(sh('echo one >&2; echo two >&2; exit 3'))
    expect(error.message).toContain('ended with 3: one / two')
    expect(error.message).not.toContain('\n')
  })

  test('may end with what is accepted, and with nothing else', async () => {
    expect((await sh('exit 3', { accept: [0, 3] })).exitCode).toBe(3)
    await benchErrorOfAsync(sh('exit 0', { accept: [3] }))
  })

  test('that takes too long is ended', async () => {
    const started = Date.now()
    const error = await benchErrorOfAsync(run('sleep', ['60'], { timeout: 0.2 }))
    expect(error.message).toBe('sleep 60 did not end within 0.2 s')
    expect(Date.now() - started).toBeLessThan(10_000)
  })

  test('that takes too long is ended with what it has started, which has its output open', async () => {
    const error = await benchErrorOfAsync(sh('sleep 60; exit 0', { timeout: 0.2 }))
    expect(error.message).toContain('did not end within 0.2 s')
  })

  test('that takes too long is an error even if it ends well when told to', async () => {
    const polite = "trap 'exit 0' TERM; while :; do sleep 0.05; done"
    const error = await benchErrorOfAsync(sh(polite, { timeout: 0.3 }))
    expect(error.message).toContain('did not end within 0.3 s')
  })

  test('that a signal ends is an error', async () => {
    expect((await benchErrorOfAsync(sh('kill -9 $$'))).message).toContain('was ended by SIGKILL')
  })
})

describe('a daemon', () => {
  test('runs until it is stopped', async () => {
    const sleeping = daemon('sleep', ['60'])
    expect(sleeping.running() && alive(sleeping.pid)).toBe(true)
    await sleeping.stop()
    expect(sleeping.running() || alive(sleeping.pid)).toBe(false)
    await sleeping.stop()
  })

  test('that ends by itself is waited for, and what it said is kept', async () => {
    const short = daemon('sh', ['-c', 'echo complaint >&2; sleep 0.1'])
    await short.ended()
    expect(short.running()).toBe(false)
    expect(short.stderr()).toBe('complaint')
  })

  test('that does not end is killed', async () => {
    const stubborn = daemon('sh', ['-c', "trap '' TERM; while :; do sleep 0.05; done"])
    await stubborn.ended(0.3)
    expect(alive(stubborn.pid)).toBe(false)
  })

  test.each([
    ['is not installed', 'no-such-program', {}],
    ['cannot be started', 'broken', { path: true }],
  ])(
    'that %s is an error at once, not one that ends the process later',
    async (_, name, { path = false }: { path?: boolean }) => {
      const program = path ? join(folder, name) : name
      expect(benchErrorOf(() => daemon(program, [])).exitCode).toBe(4)
      expect(benchErrorOf(() => pipe(program, [])).exitCode).toBe(4)
      // Where the error event of a process that was not started would come.
      await new Promise((next) => setTimeout(next, 20))
    },
  )
})

describe('a watched process', () => {
  test('tells when its first byte came, when it ended, and all it said', async () => {
    const before = process.hrtime.bigint()
    const watched = pipe('sh', ['-c', 'sleep 0.1; printf a; sleep 0.1; printf b; exit 4'])
    const first = await watched.firstByte
    const exited = await watched.exited
    expect(Number(first - before) / 1e9).toBeGreaterThanOrEqual(0.1)
    expect(Number(exited.at - first) / 1e9).toBeGreaterThanOrEqual(0.09)
    expect(await watched.ended).toEqual({ exitCode: 4, stdout: 'ab', stderr: '' })
  })

  test('is over although another holds its pipes', async () => {
    const watched = pipe('sh', ['-c', 'sleep 0.5 & exit 0'])
    let closed = false
    void watched.ended.then(() => (closed = true))
    expect((await watched.exited).exitCode).toBe(0)
    expect(closed).toBe(false)
    await watched.ended
  })

  test('that says nothing has no first byte', async () => {
    const watched = pipe('sh', ['-c', 'echo why >&2; exit 1'])
    await expect(watched.firstByte).rejects.toThrow('sh ended without output: why')
  })
})
