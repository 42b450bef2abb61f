import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EngineRuntime } from '../../harness/contracts/engine-runtime.ts'
import type { Host, Piped } from '../../harness/contracts/host.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { createFakeTrial, type FakeTrialScript } from '../testing/fake-trial.ts'
import { GREETING } from '../common/container/bundle.ts'
import { nearestRank, startup } from './index.ts'
import type { StartupParams } from './params.ts'

/** Milliseconds on the fake clock: when `create` ends, `start` ends, the first byte comes, `delete` ends. */
interface Timing {
  created: number
  started: number
  firstByte: number
}

interface RuntimeScript extends Partial<Timing> {
  output?: string
  /** `crun create`: verbs that fail. */
  fails?: readonly string[]
}

const MILLISECOND = 1_000_000n

/** Returns a host whose OCI runtime ends each verb at a scripted time. */
function hostOf(script: RuntimeScript = {}): Host & { verbs: string[] } {
  const verbs: string[] = []
  const begin = process.hrtime.bigint()
  const at = (milliseconds: number) => begin + BigInt(milliseconds) * MILLISECOND
  const { created = 40, started = 50, firstByte = 52, output = GREETING, fails = [] } = script

  function pipe(runtime: string, args: readonly string[]): Piped {
    const verb = args[2] ?? ''
    const failed = fails.includes(`${runtime} ${verb}`)
    verbs.push(`${runtime} ${verb}`)
    if (verb === 'create') writePid(args[args.indexOf('--pid-file') + 1] ?? '')
    const ends = { create: created, start: started }[verb] ?? 70
    const exitCode = failed ? 1 : 0
    return {
      pid: 1,
      firstByte: Promise.resolve(at(firstByte)),
      exited: Promise.resolve({ exitCode, at: at(ends) }),
      ended: Promise.resolve({ exitCode, stdout: verb === 'create' ? output : '', stderr: 'refused' }),
      kill: () => undefined,
    }
  }

  return { ...createFakeHost({ syscalls: { reap: () => 0 } }), pipe, verbs }
}

function writePid(path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '4711')
}

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<StartupParams>> = {}) {
  return createFakeTrial<StartupParams>({
    params: startup.params.parse({ runtime: 'runc', ...text }),
    image: (writer) => {
      writer.bytes('bin/busybox', 'program', 0o755)
      for (const path of ['dev', 'proc']) writer.directory(path)
    },
    host: hostOf(),
    after: { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 },
    ...script,
  })
}

const code = (value: string) => expect.objectContaining({ code: value }) as Error

describe('startup', () => {
  it('sets the cache before prepare, and follows the life of a container', async () => {
    const host = hostOf()
    const trial = trialOf({}, { host })
    const observed = await startup.run(trial)
    expect(trial.log).toEqual([
      'cache all',
      'time prepare',
      'time mount',
      'record create',
      'record start',
      'record ready',
      'record exit',
    ])
    expect(host.verbs).toEqual(['runc create', 'runc start', 'runc delete'])
    await expect(startup.verify(trial, observed)).resolves.toMatchObject({ mechanism: 'none' })
  })

  const timings: readonly [string, Timing, number, number][] = [
    ['after start has ended', { created: 40, started: 50, firstByte: 52 }, 0.01, 0.002],
    ['before start has ended', { created: 40, started: 50, firstByte: 47 }, 0.007, 0],
  ]
  it.each(timings)(
    'divides the time without gap or overlap: the first byte %s',
    async (_, timing, start, ready) => {
      const trial = trialOf({}, { host: hostOf(timing) })
      await startup.run(trial)
      expect(trial.values['start']).toBeCloseTo(start, 9)
      expect(trial.values['ready']).toBeCloseTo(ready, 9)
      expect(trial.values['exit']).toBeCloseTo((70 - timing.firstByte) / 1000, 9)
    },
  )

  it('writes a bundle that runs on the mount, with a cgroup that is in the journal first', async () => {
    const host = hostOf()
    const trial = trialOf({}, { host })
    await startup.run(trial)
    const config = JSON.parse(readFileSync(join(trial.directory, 'bundle-0/config.json'), 'utf8'))
    expect(config).toMatchObject({ root: { path: trial.container().root }, process: { terminal: false } })
    const journal = (host as unknown as { calls: string[] }).calls.filter((line) =>
      line.startsWith('journal'),
    )
    const name = String(config.linux.cgroupsPath).slice(1)
    expect(journal).toEqual([
      `journal record {"kind":"cgroup","name":"${name}"}`,
      `journal forget {"kind":"cgroup","name":"${name}"}`,
    ])
  })

  it('reports what spans all of several containers', async () => {
    const host = hostOf()
    const trial = trialOf({ concurrency: '4' }, { host })
    const observed = await startup.run(trial)
    expect(host.verbs.filter((verb) => verb === 'runc create')).toHaveLength(4)
    expect(Object.keys(trial.values)).toEqual(['prepare', 'mount', 'wall', 'ready-p95'])
    expect(startup.meta.phasesOf?.(trial.params)).toEqual(['wall', 'ready-p95', 'umount', 'remove'])
    await startup.verify(trial, observed)
  })

  it('deletes what it has started when one fails', async () => {
    const host = hostOf({ fails: ['runc start'] })
    await expect(startup.run(trialOf({}, { host }))).rejects.toThrow('runc start ended with 1: refused')
    expect(host.verbs).toEqual(['runc create', 'runc start', 'runc delete'])
  })

  it('catches wrong output', async () => {
    const trial = trialOf({}, { host: hostOf({ output: 'ready\nreally\n' }) })
    await expect(startup.verify(trial, await startup.run(trial))).rejects.toThrow(code('witness.output'))
  })

  it('catches a program that was copied up, and what the start left in the root', async () => {
    const upper: Provenance = { layer: 'upper', sharedBytes: 0, exclusiveBytes: 4096 }
    const copied = trialOf({}, { before: upper, after: upper })
    await expect(startup.verify(copied, await startup.run(copied))).rejects.toThrow(code('witness.mechanism'))

    const littered = trialOf({})
    const observed = await startup.run(littered)
    mkdirSync(join(littered.container().root, 'sys'))
    await expect(startup.verify(littered, observed)).rejects.toThrow(code('witness.content'))
  })

  it('catches a full copy of the image that was not made', async () => {
    const own: Provenance = { layer: 'own', sharedBytes: 0, exclusiveBytes: 4096 }
    const script = { cowUnit: 'none', before: own, after: own } as const
    for (const counted of [{ bytesWritten: 0 }, { allocated: () => 0 }]) {
      const linked = trialOf({}, { ...script, ...counted })
      await expect(startup.verify(linked, await startup.run(linked))).rejects.toThrow(
        code('witness.mechanism'),
      )
    }
    const copied = trialOf({}, { ...script, allocated: () => 1024 ** 2 })
    await expect(startup.verify(copied, await startup.run(copied))).resolves.toMatchObject({
      mechanism: 'none',
    })
  })

  it('has one headline, alone and together', () => {
    const headlines = startup.meta.phases.filter((phase) => phase.headline).map((phase) => phase.id)
    for (const concurrency of ['1', '16']) {
      const own = startup.meta.phasesOf?.(startup.params.parse({ concurrency })) ?? []
      expect(own.filter((id) => headlines.includes(id))).toHaveLength(1)
    }
  })
})

describe('runtime=auto', () => {
  it('takes the first that starts a container, and asks once', async () => {
    const host = hostOf({ fails: ['crun create'] })
    for (let round = 0; round < 2; round += 1) await startup.run(trialOf({ runtime: 'auto' }, { host }))
    const life = ['runc create', 'runc start', 'runc delete']
    expect(host.verbs).toEqual(['crun create', 'crun delete', ...life, ...life, ...life])
  })

  it('says why none works', async () => {
    const host = hostOf({ fails: ['crun create', 'runc start'] })
    await expect(startup.run(trialOf({ runtime: 'auto' }, { host }))).rejects.toThrow(
      'no OCI runtime starts a container here: crun create ended with 1: refused; runc start ended with 1: refused',
    )
  })

  it('a runtime that is asked for has to be installed', async () => {
    const host = { ...hostOf(), which: () => null }
    await expect(startup.run(trialOf({ runtime: 'crun' }, { host }))).rejects.toThrow(
      code('scenario.no-runtime'),
    )
  })
})

describe('runtime=vm', () => {
  const vm = { runtime: 'vm', kernel: '/nowhere/vmlinuz' }

  it('is unsupported, and no failure, where the host has not what it needs', async () => {
    const noKernel = trialOf(vm, { host: hostOf() })
    await expect(startup.run(noKernel)).rejects.toMatchObject({ code: 'scenario.no-guest', exitCode: 3 })
    const host = { ...hostOf(), which: (program: string) => (program === 'modprobe' ? null : program) }
    await expect(startup.run(trialOf(vm, { host }))).rejects.toMatchObject({
      message: 'a virtual machine needs modprobe',
      hint: 'on Debian: apt-get install --no-install-recommends kmod',
      exitCode: 3,
    })
    expect(noKernel.log).toEqual([])
  })

  it("is unsupported where the driver's engine starts the containers", async () => {
    const trial = trialOf(vm, { host: hostOf(), engine: {} as EngineRuntime })
    await expect(startup.run(trial)).rejects.toMatchObject({ code: 'scenario.no-guest', exitCode: 3 })
  })

  it('has no step create, and says what it is', () => {
    const params = startup.params.parse({ runtime: 'vm', kernel: '/k/boot/vmlinuz-6.1' })
    expect(startup.meta.phasesOf?.(params)).not.toContain('create')
    expect(startup.label(params)).toBe('small image, 8 layers, virtual machine, vmlinuz-6.1')
    expect(startup.params.parse({ runtime: 'runc', kernel: '/k' })).toMatchObject({ kernel: 'auto' })
  })

  it.each([
    [{ runtime: 'vm', concurrency: '9' }, 'is above 8'],
    [{ runtime: 'vm', memory: '256M' }, 'has no cgroup'],
    [{ kernel: 'vmlinuz' }, 'absolute path'],
  ])('refuses %j', (given, reason) => {
    expect(startup.params.safeParse(given).error?.message).toContain(reason)
  })
})

describe('nearest rank', () => {
  it('is a value that was measured', () => {
    expect(nearestRank([3, 1, 2], 0.5)).toBe(2)
    expect(nearestRank([1, 2, 3, 4], 0.95)).toBe(4)
    expect(
      nearestRank(
        Array.from({ length: 100 }, (_, index) => index + 1),
        0.95,
      ),
    ).toBe(95)
  })
})
