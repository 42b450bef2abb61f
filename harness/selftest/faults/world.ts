/** What is in the sandbox to be harmed. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JournalEntry } from '../../contracts/host.ts'
import { RUN_VARIABLE } from '../../journal/rules.ts'
import { RUNTIME_DIRECTORY, runtimeDirectory } from '../../journal/runtime-directory.ts'
import { identityOf, type ProcessIdentity } from '../../linux/process.ts'

/** The run of the hostile journal. */
export const RUN = '20260131-142501-k3x9'
/** A run that is nothing to it. */
export const OTHER = '20260130-101010-aaaa'
/** A run that goes on, and another whose id ends in the same letters. */
export const TWIN = '20260129-090909-q7q7'
export const TWIN_OF_TWIN = '20260101-010101-q7q7'
/** An ordinary run that was killed, beside the hostile journal. */
export const NEIGHBOUR = '20260131-142502-zzzz'

export const SCRATCH = '/var/lib/bench-faults/scratch'
/** What a run names. */
export const PLACES = [SCRATCH, RUNTIME_DIRECTORY, '/tmp']
export const PRECIOUS = '/home/alice/precious'
export const DISK = '/mnt/bench-faults/disk'
/** A user who is not root: his number. */
export const NOBODY = 65534

export interface World {
  /** One belongs to no run, one to the other run. */
  processes: readonly [ProcessIdentity, ProcessIdentity]
  /** `loop3`, `loop4`: the second has partitions that are someone's. */
  loops: readonly [string, string]
}

const FILES = [
  `${PRECIOUS}/photo`,
  '/etc/bench-faults/precious',
  '/srv/data/database',
  `${SCRATCH}/${OTHER}/0.img`,
  `${SCRATCH}/${RUN}x/0.img`,
  `${SCRATCH}/archive/photo`,
  `/home/${RUN}/photo`,
  `${runtimeDirectory(TWIN)}/${TWIN}`,
  `${runtimeDirectory(OTHER)}/0/mnt/file`,
  '/run/lock/precious',
  `/tmp/bench-${OTHER}-probe-aaaaaa/scratch`,
]

const CGROUPS = [
  'docker/0123',
  'system.slice',
  `bench-${OTHER}-1`,
  'memory/docker/0123',
  `memory/bench-${OTHER}-1`,
]

/** Makes the world. */
export async function createWorld(loops: readonly [string, string]): Promise<World> {
  for (const path of FILES) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `precious: ${path}`)
  }
  for (const name of CGROUPS) mkdirSync(join('/sys/fs/cgroup', name), { recursive: true })
  setTraps()
  mkdirSync(DISK, { recursive: true })
  succeed('mount', ['-t', 'tmpfs', 'tmpfs', DISK])
  writeFileSync(`${DISK}/photo`, 'precious')
  for (const program of ['zpool', 'dmsetup']) fakeProgram(program)
  const table = 'size=1M, name="home"\n'
  succeed('sfdisk', ['--quiet', '--no-tell-kernel', '--label', 'gpt', `/dev/${loops[1]}`], table)
  return { loops, processes: [await sleeper({}), await sleeper({ [RUN_VARIABLE]: OTHER })] }
}

/** A folder that anyone may write to, with a link where a run's folder was, and a folder of another user. */
function setTraps(): void {
  mkdirSync(`${SCRATCH}/shared`)
  chmodSync(`${SCRATCH}/shared`, 0o777)
  symlinkSync(PRECIOUS, `${SCRATCH}/shared/${RUN}`)
  mkdirSync(`${PRECIOUS}/${RUN}`)
  mkdirSync(`${SCRATCH}/foreign/bench-${RUN}-0`, { recursive: true })
  chownSync(`${SCRATCH}/foreign/bench-${RUN}-0`, NOBODY, NOBODY)
}

function succeed(program: string, args: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}

/** A program that says yes to everything, and keeps what it was asked. */
function fakeProgram(name: string): void {
  const path = `/opt/bench-faults/${name}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho "$0 $*" >>/var/log/bench-faults\n`, { mode: 0o755 })
  process.env['PATH'] = `${dirname(path)}:${process.env['PATH']}`
}

async function sleeper(env: Record<string, string>): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['100000'], { stdio: 'ignore', env: { ...process.env, ...env } })
  await once(child, 'spawn')
  child.unref()
  return identityOf(child.pid ?? 0)
}

/** Returns the entry of a process as a journal has it. */
export function processEntry({ pid, startTime }: ProcessIdentity): JournalEntry {
  return { kind: 'process', pid, startTime, name: 'sleep' }
}
