/** A program called `ssh` that notes what it is asked for and reaches nobody: who is dialled, and as whom, shows in it. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FakeSsh extends Disposable {
  /** PATH with it first. */
  readonly path: string
  /** Arguments of each start so far, in no order. */
  calls(): string[][]
  /** Forgets them. */
  forget(): void
}

/** It says what ssh says of a port that nobody listens on. */
const PROGRAM = `#!/bin/sh
file=$(mktemp "$(dirname "$0")/calls/XXXXXX")
printf '%s\\0' "$@" >"$file"
echo 'ssh: connect to host nowhere port 9: Connection refused' >&2
exit 255
`

export function makeFakeSsh(): FakeSsh {
  const folder = mkdtempSync('/var/tmp/bench-test-ssh-')
  const calls = join(folder, 'calls')
  mkdirSync(calls)
  writeFileSync(join(folder, 'ssh'), PROGRAM)
  chmodSync(join(folder, 'ssh'), 0o755)
  const files = () => readdirSync(calls).map((name) => join(calls, name))
  return {
    path: `${folder}:${process.env['PATH'] ?? ''}`,
    calls: () => files().map((file) => readFileSync(file, 'utf8').split('\0').slice(0, -1)),
    forget: () => files().forEach((file) => rmSync(file)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** Arguments that decide which machine is reached, and as which user. */
const DECIDING = new Set([
  'hostname',
  'user',
  'port',
  'identityfile',
  'proxyjump',
  'proxycommand',
  'stricthostkeychecking',
  'connecttimeout',
])

/** Returns what the real ssh makes of such arguments (ssh(1), -G), without the user's own configuration. */
export function dialled(args: readonly string[]): Record<string, string> {
  const lines = execFileSync('ssh', ['-G', '-F', 'none', ...args], { encoding: 'utf8' }).split('\n')
  const pairs = lines.map((line) => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const)
  return Object.fromEntries(pairs.filter(([name]) => DECIDING.has(name)))
}
