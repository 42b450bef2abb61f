import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Host, Piped } from '../../harness/contracts/host.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { createFakeTrial, type FakeTrialScript } from '../testing/fake-trial.ts'
import { compareEnd } from './end-state.ts'
import { readUsed, resourcesOf } from '../common/container/limits.ts'
import { exec } from './index.ts'
import { argsOf, type ExecParams } from './params.ts'

interface RuntimeScript {
  /** What the command does to the container's tree. */
  work?: (root: string) => void
  exitCode?: number | null
  output?: string
  /** Called when the runtime is started with a verb. */
  onVerb?: (verb: string) => void
}

/** Returns a host whose OCI runtime does the command's work when it is started. */
function hostOf({
  work = () => undefined,
  exitCode = 0,
  output = '',
  onVerb = () => undefined,
}: RuntimeScript = {}): Host & {
  verbs: string[]
} {
  const verbs: string[] = []
  let root = ''
  function pipe(runtime: string, args: readonly string[]): Piped {
    const verb = args[2] ?? ''
    verbs.push(`${runtime} ${verb}`)
    onVerb(verb)
    if (verb === 'create') {
      const after = (flag: string) => args[args.indexOf(flag) + 1] ?? ''
      const pidFile = after('--pid-file')
      mkdirSync(dirname(pidFile), { recursive: true })
      writeFileSync(pidFile, '4711')
      const config = JSON.parse(readFileSync(join(after('--bundle'), 'config.json'), 'utf8')) as {
        root: { path: string }
      }
      root = config.root.path
    }
    if (verb === 'start') work(root)
    const firstByte = Promise.reject(new Error('no output'))
    firstByte.catch(() => undefined)
    return {
      pid: 1,
      firstByte,
      exited: Promise.resolve({ exitCode: 0, at: process.hrtime.bigint() }),
      ended: Promise.resolve({ exitCode: 0, stdout: verb === 'create' ? output : '', stderr: '' }),
      kill: () => undefined,
    }
  }
  return { ...createFakeHost({ syscalls: { reap: () => exitCode } }), pipe, verbs }
}

function paramsOf(set: Record<string, string>): ExecParams {
  return exec.params.parse({ runtime: 'runc', command: unique(), ...set })
}

let works = 0

/** Each test has a command of its own: what is known of the end of a command stays for the whole process. */
function trialOf(
  command: string,
  runtime: RuntimeScript = {},
  script: Partial<FakeTrialScript<ExecParams>> = {},
) {
  const host = hostOf(runtime)
  const trial = createFakeTrial<ExecParams>({
    params: exec.params.parse({ runtime: 'runc', command }),
    image: (writer) => {
      writer.bytes('bin/busybox', 'program', 0o755)
      writer.bytes('etc/config', 'old', 0o644)
      writer.bytes('etc/other', 'other', 0o644)
    },
    host,
    ...script,
  })
  return Object.assign(trial, { verbs: host.verbs })
}

const unique = () => `true # ${(works += 1)}`
const code = (value: string) => expect.objectContaining({ code: value }) as Error

function change(root: string): void {
  writeFileSync(join(root, 'etc/config'), 'new bytes')
  chmodSync(join(root, 'etc/other'), 0o600)
  rmSync(join(root, 'bin/busybox'))
  writeFileSync(join(root, 'bin/busybox'), 'program', { mode: 0o755 })
  writeFileSync(join(root, 'made'), '12345')
}

describe('exec', () => {
  it('sets the cache before prepare, runs the command, makes it durable, and takes the container away', async () => {
    const trial = trialOf(unique(), { work: change })
    const witness = await exec.verify(trial, await exec.run(trial))
    expect(trial.log.filter((line) => /^(?:time|cache|sync)/.test(line))).toEqual([
      'cache all',
      'time prepare',
      'time mount',
      'time create',
      'time command',
      'time syncfs',
      'sync',
      'time delete',
    ])
    expect(trial.verbs).toEqual(['runc create', 'runc start', 'runc delete'])
    expect(witness).toMatchObject({
      changed: { objects: 3, word: 'path' },
      bytesChanged: 'new bytes'.length + 5,
      details: { rewritten: 1, attributes: 1, created: 1, createdBytes: 5, removed: 0 },
    })
  })

  it('on a volume changes the volume, of which the driver has no part', async () => {
    const trial = trialOf(unique(), { work: change }, { params: paramsOf({ volume: '/etc' }) })
    const { details } = await exec.verify(trial, await exec.run(trial))
    expect(details).toMatchObject({ volume: 'ext4 7:0', rewritten: 1, created: 1 })
    expect(
      trial.log.filter((line) => /^(?:cache|volume|sync|unmount|time (?:mount|create|syncfs))/.test(line)),
    ).toEqual([
      'cache all',
      'time mount',
      'volume etc',
      'cache ',
      'time create',
      'time syncfs',
      'sync',
      'sync volume',
      'unmount volume',
    ])
  })

  it('is caught where the volume was not mounted, or the directory beneath it changed', async () => {
    const params = paramsOf({ volume: '/etc' })
    const unmounted = trialOf(unique(), { work: change }, { params, volumeOn: null })
    await expect(exec.run(unmounted).then((ran) => exec.verify(unmounted, ran))).rejects.toThrow(
      code('witness.volume'),
    )
    const meddled = trialOf(unique(), { work: change }, { params })
    const observed = await exec.run(meddled)
    await observed.ran.volume?.volume.unmount()
    writeFileSync(join(observed.container.root, 'etc/config'), 'leaked')
    const volume = {
      directory: 'etc',
      volume: { sync: () => undefined, where: () => 'ext4 7:0', unmount: async () => undefined },
    }
    await expect(exec.verify(meddled, { ...observed, ran: { ...observed.ran, volume } })).rejects.toThrow(
      'etc lay on a volume, and etc/config beneath it is file 644',
    )
  })

  it.each([
    ['/nowhere', 'the image has no such directory'],
    ['/etc/config', 'the image has no such directory'],
    ['on', 'the working directory of the image is /'],
  ])('volume=%s fails the sample', async (volume, message) => {
    await expect(exec.run(trialOf(unique(), {}, { params: paramsOf({ volume }) }))).rejects.toThrow(message)
  })

  it('starts each program of the runtime within the phase that is named after it', async () => {
    const within: (string | undefined)[] = []
    const trial = trialOf(unique(), {
      onVerb: (verb) => within.push(`${verb}: ${trial.log.findLast((line) => line.startsWith('time '))}`),
    })
    await exec.run(trial)
    expect(within).toEqual(['create: time create', 'start: time command', 'delete: time delete'])
  })

  it('fails by the exit code of the command, with its last lines', async () => {
    const trial = trialOf(unique(), { exitCode: 3, output: 'one\nno such table\n' })
    const failure = expect.objectContaining({
      code: 'exec.failed',
      message: expect.stringMatching(/ended with 3.*no such table/s),
    })
    await expect(exec.run(trial)).rejects.toEqual(failure)
  })

  it('fails where the exit code is not known: no evidence is no success', async () => {
    await expect(exec.run(trialOf(unique(), { exitCode: null }))).rejects.toThrow(code('exec.failed'))
  })

  it('is caught when the image changed with the container', async () => {
    const trial = trialOf(unique())
    const observed = await exec.run(trial)
    appendFileSync(join(trial.lower, 'bin/busybox'), 'x')
    await expect(exec.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
  })

  it('is caught when a driver leaves another tree than the first one did', async () => {
    const command = unique()
    const end = async (round: number, work: RuntimeScript['work']) => {
      const trial = trialOf(command, work === undefined ? {} : { work }, { round })
      return exec.verify(trial, await exec.run(trial))
    }
    await end(0, change)
    await end(1, change)
    const less = (root: string) => writeFileSync(join(root, 'etc/config'), 'new bytes')
    const { details } = await end(2, less)
    expect(details).toMatchObject({ unstable: 2 })
  })
})

describe('the trees that a command leaves', () => {
  const tree = (entries: Record<string, string>) => new Map(Object.entries(entries))

  it('are compared between drivers once each has left one twice', () => {
    const work = 'compared'
    const same = tree({ a: '1' })
    expect(compareEnd(work, 'one', same)).toEqual({ unstable: [], compared: false })
    expect(compareEnd(work, 'two', tree({ a: '2' }))).toEqual({ unstable: [], compared: false })
    expect(compareEnd(work, 'one', same)).toEqual({ unstable: [], compared: true })
    expect(() => compareEnd(work, 'two', tree({ a: '2' }))).toThrow('a is 2, and was 1')
  })

  it('may differ where they differ on one driver, too', () => {
    const work = 'log'
    compareEnd(work, 'one', tree({ log: '10:00', a: '1' }))
    compareEnd(work, 'two', tree({ log: '10:01', a: '1' }))
    expect(compareEnd(work, 'two', tree({ log: '10:02', a: '1' }))).toEqual({
      unstable: ['log'],
      compared: true,
    })
    expect(() => compareEnd(work, 'two', tree({ log: '10:03' }))).not.toThrow()
  })
})

describe('limits', () => {
  it('are resources of the runtime', () => {
    const given = exec.params.parse({ memory: '64M', cpus: '0.5', iops: '100' })
    expect(resourcesOf(given, ['/dev/null'])).toEqual({
      memory: { limit: 64 * 1024 ** 2, swap: 64 * 1024 ** 2 },
      cpu: { period: 100_000, quota: 50_000 },
      blockIO: {
        throttleReadIOPSDevice: [{ major: 1, minor: 3, rate: 100 }],
        throttleWriteIOPSDevice: [{ major: 1, minor: 3, rate: 100 }],
      },
    })
    expect(resourcesOf(exec.params.parse({}), [])).toBeUndefined()
    expect(exec.label(given)).toContain('64 MiB of memory, 0.5 CPUs, 100 IOPS')
  })

  it.each([
    { memory: '1M' },
    { memory: 'much' },
    { cpus: '0' },
    { iops: '0' },
    { timeout: '10' },
    { command: '' },
  ])('refuses %o', (given: Record<string, string>) => {
    expect(exec.params.safeParse(given).success).toBe(false)
  })

  it('are read back from both versions of cgroups', () => {
    const trial = trialOf(unique())
    const put = (path: string, text: string) => {
      const full = join(trial.directory, path)
      mkdirSync(dirname(full), { recursive: true })
      writeFileSync(full, text)
    }
    put('two/c/cgroup.controllers', '')
    put('two/c/cpu.stat', 'usage_usec 1500000\nnr_throttled 7\n')
    put('two/c/memory.peak', '4096\n')
    put('two/c/memory.events', 'oom 1\noom_kill 2\n')
    const used = { cpuSeconds: 1.5, memoryPeak: 4096, oomKills: 2, throttledPeriods: 7 }
    expect(readUsed('c', join(trial.directory, 'two'))).toEqual(used)
    put('one/cpuacct/c/cpuacct.usage', '1500000000\n')
    put('one/memory/c/memory.max_usage_in_bytes', '4096\n')
    put('one/memory/c/memory.oom_control', 'oom_kill_disable 0\noom_kill 2\n')
    put('one/cpu/c/cpu.stat', 'nr_periods 9\nnr_throttled 7\n')
    expect(readUsed('c', join(trial.directory, 'one'))).toEqual(used)
    const nothing = { cpuSeconds: null, memoryPeak: null, oomKills: null, throttledPeriods: null }
    expect(readUsed('c', join(trial.directory, 'none'))).toEqual(nothing)
  })
})

describe('a command', () => {
  it('is the shell’s, or words by themselves', () => {
    const words = (command: string) => argsOf(exec.params.parse({ command }))
    expect(words('a, b | c')).toEqual(['/bin/sh', '-c', 'a, b | c'])
    expect(words('["/app", "-v"]')).toEqual(['/app', '-v'])
    expect(words('[ -e /app ]')).toEqual(['/bin/sh', '-c', '[ -e /app ]'])
  })
})
