/** A command in a container, from its start to its exit. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { OwnProcess } from '../../harness/contracts/own-process.ts'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { withLastLines } from '../../harness/linux/last-lines.ts'
import { formatDuration } from '../../harness/contracts/units.ts'
import { writeBundle } from '../common/container/bundle.ts'
import {
  abandonContainer,
  announceContainer,
  gone,
  runtimeFailed,
  verb,
} from '../common/container/lifecycle.ts'
import { chooseRuntime, uniqueId } from '../common/container/runtime.ts'
import { limitRuntime } from '../common/container/runtime-limit.ts'
import { readUsed, resourcesOf, type Used } from '../common/container/limits.ts'
import { argsOf, type ExecParams } from './params.ts'
import { mountExecVolume, type ExecVolume } from './volume.ts'

// linux/prctl.h
const PR_SET_CHILD_SUBREAPER = 36

/** Process of the made-up image. */
const IN_MADE_UP_IMAGE: Omit<OwnProcess, 'args'> = { env: ['PATH=/bin:/usr/bin'], cwd: '/', uid: 0, gid: 0 }

export interface Ran extends Used {
  exitCode: number
  /** Null where the cell has no volume. */
  volume: ExecVolume | null
}

/** Creates the container, runs the command and deletes the container: phases `create`, `command`, `syncfs`, `delete`. */
export async function runCommand(trial: Trial<ExecParams>): Promise<Ran> {
  const { params, clock, directory } = trial
  // What a runtime leaves behind is handed to this process, which alone learns its exit code: prctl(2).
  trial.host.syscalls.prctl(PR_SET_CHILD_SUBREAPER, 1)
  using limited = limitRuntime(trial.host, params.timeout)
  const { host } = limited
  const runtime = await chooseRuntime(trial.host, params.runtime, directory)
  const container = trial.container()
  const bundle = writeBundle(uniqueId(host.journal), join(directory, 'bundle'), container.root, {
    process: { ...(trial.own?.process ?? IN_MADE_UP_IMAGE), args: argsOf(params) },
    resources: resourcesOf(params, trial.evidence.devices),
  })
  announceContainer(host, bundle)
  try {
    await trial.cache.set(container, null)
    await container.prepare()
    await container.mount()
    const volume = await mountExecVolume(trial, container)
    // Filling it has read what the image has there.
    if (volume !== null) await trial.cache.set(container, [])
    const files = ['--bundle', bundle.directory, '--pid-file', bundle.pidFile]
    const creating = await clock.timeAsync('create', async () => {
      const creator = host.pipe(runtime, [...verb(bundle, 'create'), ...files, bundle.id])
      const { exitCode } = await creator.exited
      if (exitCode !== 0) throw await runtimeFailed(runtime, 'create', creator)
      return creator
    })
    const pid = Number(readFileSync(bundle.pidFile, 'utf8'))
    const exitCode = await clock.timeAsync('command', async () => {
      const starter = host.pipe(runtime, [...verb(bundle, 'start'), bundle.id])
      const started = await starter.exited
      if (started.exitCode !== 0) throw await runtimeFailed(runtime, 'start', starter)
      await creating.ended
      return gone(host, pid)
    })
    if (limited.hung() !== null) throw tookTooLong(params)
    const used = readUsed(bundle.id)
    const { stdout, stderr } = await creating.ended
    if (exitCode !== 0) throw failedCommand(exitCode, used, params, `${stdout}\n${stderr}`)
    clock.time('syncfs', () => {
      container.sync()
      volume?.volume.sync()
    })
    await clock.timeAsync('delete', async () => {
      const deleter = host.pipe(runtime, [...verb(bundle, 'delete'), bundle.id])
      const deleted = await deleter.exited
      if (deleted.exitCode !== 0) throw await runtimeFailed(runtime, 'delete', deleter)
    })
    host.journal.forget({ kind: 'cgroup', name: bundle.id })
    return { exitCode, volume, ...used }
  } catch (error) {
    await abandonContainer(host, runtime, bundle)
    throw limited.hung() === null || !existsSync(bundle.pidFile)
      ? (limited.hung() ?? error)
      : tookTooLong(params)
  }
}

function tookTooLong({ timeout }: ExecParams): BenchError {
  return new BenchError(`the command did not end within ${formatDuration(timeout)} and was killed`, {
    code: 'exec.timeout',
    hint: 'raise the limit: --set timeout=1h',
    exitCode: ExitCode.cellFailed,
  })
}

function failedCommand(
  exitCode: number | null,
  used: Used,
  { memory }: ExecParams,
  output: string,
): BenchError {
  const oom = (used.oomKills ?? 0) > 0
  const how =
    exitCode === null
      ? 'ended, and its exit code is not known'
      : `ended with ${exitCode}${exitCode > 128 ? ` (signal ${exitCode - 128})` : ''}`
  const why = oom ? `; the kernel killed ${used.oomKills} of its processes, since its memory was used up` : ''
  return new BenchError(withLastLines(`the command ${how}${why}`, output), {
    code: oom ? 'exec.out-of-memory' : 'exec.failed',
    hint:
      oom && memory !== null
        ? 'raise the limit: --set memory=…'
        : 'try it by hand in a container of the image',
    exitCode: ExitCode.cellFailed,
  })
}
