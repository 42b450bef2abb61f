import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from './lock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As another program sees it: flock(1). */
const isTaken = () => spawnSync('flock', ['--nonblock', path, 'true']).status === 1

function take(): number {
  const lock = takeLock(path)
  if (lock === null) throw new Error('another holds it')
  return lock
}

test('one holds it until it is closed', () => {
  const lock = take()
  expect(takeLock(path)).toBeNull()
  expect(isTaken()).toBe(true)
  closeSync(lock)
  expect(isTaken()).toBe(false)
  closeSync(take())
})

test('another program that holds it is seen', async () => {
  const other = spawn('flock', ['--no-fork', path, 'sh', '-c', 'echo held; exec sleep 60'])
  await once(other.stdout, 'data')
  expect(takeLock(path)).toBeNull()
  other.kill('SIGKILL')
  await once(other, 'exit')
  closeSync(take())
})

test('a process that is handed the descriptor holds it too, others do not', async () => {
  const lock = take()
  const heir = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', lock] })
  await once(heir, 'spawn')
  closeSync(lock)
  expect(isTaken()).toBe(true)
  heir.kill('SIGKILL')
  await once(heir, 'exit')
  expect(isTaken()).toBe(false)

  const next = take()
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(stranger, 'spawn')
  closeSync(next)
  expect(isTaken()).toBe(false)
  stranger.kill('SIGKILL')
  await once(stranger, 'exit')
})

test('a file that cannot be made is an error of its own', () => {
  expect(() => takeLock(join(folder, 'none', 'lock'))).toThrow('ENOENT')
  expect(existsSync(join(folder, 'none'))).toBe(false)
})
