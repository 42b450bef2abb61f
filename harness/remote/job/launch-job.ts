/** Starts the process of a job so that it outlives the connection that asked for it. */
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { lastLines } from '../../linux/last-lines.ts'
import { until } from '../../linux/until.ts'
import type { JobFolder } from './job-folder.ts'

const MILLISECONDS_BETWEEN = 20

/**
 * Starts `command` in a session of its own, with its output in files and the lock handed on, and returns when it has said
 * that it is there. Throws `job.not-started` with the last that it said.
 *
 * Under systemd it gets a scope of its own, too: when a login ends, logind may end what is left of its scope
 * (logind.conf(5), KillUserProcesses), and sshd's own service, where it is one for each connection, does
 * (systemd.kill(5), KillMode=control-group). A new session alone does not leave a control group.
 */
export async function launchJob(command: readonly string[], folder: JobFolder, lock: number): Promise<void> {
  const scopes = existsSync('/run/systemd/system') ? [systemdScope(folder), []] : [[]]
  for (const scope of scopes) {
    if (await starts([...scope, ...command], folder, lock)) return
  }
  throw new BenchError(`the run could not be started: ${lastLines(readFileSync(folder.progress, 'utf8'))}`, {
    code: 'job.not-started',
    exitCode: ExitCode.hostNotReady,
  })
}

/** A scope, and not a service: systemd-run becomes the command, and keeps the descriptors that it has (systemd-run(1)). */
function systemdScope({ id }: JobFolder): string[] {
  return ['systemd-run', '--scope', '--quiet', '--collect', `--unit=bench-${id}`, '--']
}

/** Returns whether the process came so far as to say who it is. */
async function starts(command: readonly string[], folder: JobFolder, lock: number): Promise<boolean> {
  const [program = '', ...args] = command
  const [output, progress] = [openSync(folder.output, 'a'), openSync(folder.progress, 'a')]
  // Its session is its own (`detached`: setsid(2)), so no terminal that goes away takes it along.
  const child = spawn(program, args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, progress, lock],
  })
  // Its exit code shows whether it could be started.
  child.once('error', () => undefined)
  closeSync(output)
  closeSync(progress)
  const lives = () => child.exitCode === null && child.signalCode === null
  await until(() => !lives() || existsSync(folder.process), { every: MILLISECONDS_BETWEEN })
  child.unref()
  return existsSync(folder.process)
}
