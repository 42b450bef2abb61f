/** A program of a test's own in place of one of the host. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { hasEnded } from '../linux/process.ts'

export interface PutProgram {
  /** Returns the processes that it noted, once there are any. */
  started(): number[]
  /** Waits until all of them have ended, since a process that was killed ends a moment later; rejects where one has not in 10 s. */
  expectEnded(): Promise<void>
}

/** Hangs in a child, which `keep` notes. */
export const HANGS = 'sleep 1000 & keep $!; wait'
/** Hangs so that only SIGKILL ends it. */
export const IGNORES_SIGNALS = `trap '' TERM INT HUP; while :; do ${HANGS}; done`

/**
 * Puts a shell script first in PATH, by `vi.stubEnv`, under this name and in `folder`, which is made. It notes its own process
 * and those that it hands to `keep`.
 */
export function putProgram(folder: string, name: string, script: string): PutProgram {
  const pids = join(folder, 'pids')
  mkdirSync(folder, { recursive: true })
  const text = `#!/bin/sh\nkeep() { echo $1 >> ${pids}; }\nkeep $$\n${script}\n`
  writeFileSync(join(folder, name), text, { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
  const started = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [])
  const left = () => started().filter((pid) => !hasEnded(pid))
  return { started, expectEnded: () => vi.waitFor(() => expect(left()).toEqual([]), 10_000) }
}
