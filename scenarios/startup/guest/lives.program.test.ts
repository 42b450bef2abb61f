/** The life of a virtual machine, with a script in the place of QEMU. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pipe } from '../../../harness/host/commands.ts'
import { hasEnded } from '../../../harness/linux/process.ts'
import { createFakeHost } from '../../../harness/testing/fake-host.ts'
import { writeBundle } from '../../common/container/bundle.ts'
import { limitRuntime } from '../../common/container/runtime-limit.ts'
import { GUEST, guestLives } from './lives.ts'

const GUEST_FILES = { accelerator: 'tcg', kernel: '/kernel', release: '6.1', initrd: '/initrd' } as const
/** The end of a killed process may be seen a moment later. */
const PATIENCE = { timeout: 10_000 }
const { PATH } = process.env
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-guest-'))
  process.env['PATH'] = `${folder}:${PATH ?? ''}`
})
afterEach(() => {
  process.env['PATH'] = PATH
  rmSync(folder, { recursive: true })
})

/** Puts a QEMU into PATH that does this. */
function startsWith(script: string) {
  writeFileSync(join(folder, 'qemu-system-x86_64'), `#!/bin/sh\necho "$@" > ${folder}/args\n${script}\n`, {
    mode: 0o755,
  })
  const host = { ...createFakeHost(), pipe }
  const bundle = writeBundle('bench-test-1', join(folder, 'bundle'), '/container/root')
  return { host, bundle, lives: guestLives(host, GUEST_FILES) }
}

const journal = ({ calls }: { calls: readonly string[] }, verb: string) =>
  calls.filter((line) => line.startsWith(`journal ${verb}`)).length

test('a guest that boots, runs the container and ends', async () => {
  const { host, bundle, lives } = startsWith(
    "echo bench:init; printf 'bench:output\\nready\\n'; echo bench:exit 0",
  )
  await lives.announce(bundle, { key: 'key', parent: 'image' })
  const alive = await lives.start(bundle)
  const { output, exit } = await alive.finish()
  expect(output).toBe('ready\n')
  for (const seconds of [alive.start, alive.ready, exit]) expect(seconds).toBeGreaterThanOrEqual(0)
  expect(readFileSync(join(folder, 'args'), 'utf8')).toContain('path=/container/root,')
  expect([journal(host, 'record'), journal(host, 'forget')]).toEqual([1, 1])
})

test.each([
  ['before its first process', 'echo "Kernel panic - not syncing"; exit 0', 'Kernel panic'],
  ['before the container, with a fault of QEMU', 'echo bench:init; echo no 9p >&2; exit 1', 'no 9p'],
])('a guest that ends %s fails the sample, with its last words', async (_, script, words) => {
  const { bundle, lives, host } = startsWith(script)
  await expect(lives.start(bundle)).rejects.toMatchObject({
    code: 'scenario.guest-failed',
    exitCode: 5,
    message: expect.stringContaining(words),
  })
  await lives.abandon(bundle)
  expect(journal(host, 'forget')).toBe(1)
})

test('a guest that is killed in its work fails the sample', async () => {
  const { bundle, lives } = startsWith("echo bench:init; printf 'bench:output\\nrea'")
  const alive = await lives.start(bundle)
  await expect(alive.finish()).rejects.toMatchObject({ code: 'scenario.guest-failed' })
})

test('a guest that hangs is killed at the limit, and nothing of it is left', async () => {
  const { host, bundle } = startsWith(`echo $$ > ${folder}/pid; echo bench:init; sleep 1000`)
  using limited = limitRuntime(host, 0.5, GUEST)
  const lives = guestLives(limited.host, GUEST_FILES)
  await expect(lives.start(bundle)).rejects.toThrow('ended before')
  expect(limited.hung()).toMatchObject({
    message: 'the virtual machine did not end within 0.5 s and was killed',
    code: 'scenario.runtime-hung',
  })
  await lives.abandon(bundle)
  await vi.waitFor(() => expect(hasEnded(pidIn(folder))).toBe(true), PATIENCE)
})

test('a guest is ended when it is abandoned', async () => {
  const { bundle, lives } = startsWith(
    `echo $$ > ${folder}/pid; echo bench:init; echo bench:output; echo r; sleep 1000`,
  )
  await lives.start(bundle)
  await lives.abandon(bundle)
  await vi.waitFor(() => expect(hasEnded(pidIn(folder))).toBe(true), PATIENCE)
})

/** Returns the number of the script's process. */
function pidIn(place: string): number {
  return Number(readFileSync(join(place, 'pid'), 'utf8'))
}
