/** The process of ssh's that holds a connection. */
import { onUserPath } from '../../contracts/host-error.ts'
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { notStarted, unreachable } from './failure.ts'
import { connectionArgs, optionArgs } from './ssh-args.ts'

/** Seconds after which an unused connection ends by itself, for instance after this program was killed. */
const PERSIST = 60
/** For a login that neither succeeds nor fails, once the server has answered. Seconds. */
const LONGEST_LOGIN = 60

/** Returns an environment with English messages, since failures are recognised by them. */
export const environment = () => ({ ...process.env, LC_ALL: 'C' })

/**
 * Logs in, and leaves a master in the background, in a session of its own: a Ctrl-C at the terminal does not reach it.
 * Returns how long that took, in seconds. Throws `ssh.unreachable`.
 */
export async function openMaster(host: RemoteHost, controlPath: string): Promise<number> {
  const began = performance.now()
  const folder = onUserPath(() => mkdtempSync(join(tmpdir(), 'bench-ssh-')))
  try {
    const log = join(folder, 'stderr')
    const exitCode = await login(host, controlPath, log)
    if (exitCode !== 0) throw unreachable(host, readFileSync(log, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return (performance.now() - began) / 1000
}

/** Ends the master and all that goes on over it. Nothing is wrong where there is none any more. */
export async function closeMaster(host: RemoteHost, controlPath: string): Promise<void> {
  const args = [...optionArgs({ ControlPath: controlPath }), '-O', 'exit', '--', host.address]
  await execa(host.program, args, { reject: false, stdin: 'ignore', timeout: 5000 })
  rmSync(controlPath, { force: true })
}

/**
 * Standard error is a file: before OpenSSH 8.5 the master keeps it open for as long as it lives, and a reader of the
 * end of a pipe would wait for that.
 */
function login(host: RemoteHost, controlPath: string, log: string): Promise<number | null> {
  const args = [
    ...optionArgs({
      BatchMode: 'yes',
      ControlMaster: 'yes',
      ControlPath: controlPath,
      ControlPersist: String(PERSIST),
    }),
    ...connectionArgs(host),
    '-N',
    '-f',
    '--',
    host.address,
  ]
  const stderr = openSync(log, 'w')
  try {
    const stdio = ['ignore', 'ignore', stderr] as const
    const options = { stdio: [...stdio], detached: true, env: environment(), timeout: LONGEST_LOGIN * 1000 }
    const child = spawn(host.program, args, options)
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(notStarted(host, error)))
      child.once('exit', (exitCode) => resolve(exitCode))
    })
  } finally {
    closeSync(stderr)
  }
}
