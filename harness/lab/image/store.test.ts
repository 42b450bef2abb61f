import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { run } from '../../host/commands.ts'
import { labCache, findInStore, openStore } from './store.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-store-'))))
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function write(path: string): Promise<void> {
  writeFileSync(join(path, 'file'), 'whole')
  return Promise.resolve()
}

const open = (onWait: () => void = () => undefined) => openStore({ run }, folder, onWait)
const twice = () => Promise.reject(new Error('built twice'))

test('what was built is found, and is not built again', async () => {
  expect(findInStore(folder, 'abc')).toBeNull()
  const path = await open().put('abc', write)
  expect(findInStore(folder, 'abc')).toBe(path)
  expect(readFileSync(join(path, 'file'), 'utf8')).toBe('whole')
  expect(await open().put('abc', twice)).toBe(path)
})

test('a build gets its name only when it is complete', async () => {
  await open().put('abc', async (building) => {
    await write(building)
    expect(findInStore(folder, 'abc')).toBeNull()
  })
  expect(findInStore(folder, 'abc')).not.toBeNull()
})

test('a build that fails leaves nothing, and its name is free', async () => {
  const failing = open().put('abc', async (building) => {
    await write(building)
    throw new Error('no space')
  })
  await expect(failing).rejects.toThrow('no space')
  expect(readdirSync(folder)).toEqual(['locks'])
  expect(existsSync(await open().put('abc', write))).toBe(true)
})

test('what killed builds left is removed by the next, of whichever name, and nothing else', async () => {
  mkdirSync(join(folder, 'old.building/root/etc'), { recursive: true })
  mkdirSync(join(folder, 'abc.building/root/etc'), { recursive: true })
  mkdirSync(join(folder, 'kept'))
  await open().put('abc', write)
  expect(readdirSync(folder).toSorted()).toEqual(['abc', 'kept', 'locks'])
})

test('a build leaves another that is under way alone', async () => {
  await open().put('slow', async (building) => {
    await open().put('quick', write)
    await write(building)
  })
  expect(findInStore(folder, 'slow')).not.toBeNull()
  expect(findInStore(folder, 'quick')).not.toBeNull()
})

test('two builds of the same: the second waits, and finds what the first has built', async () => {
  const waiting = vi.fn<() => void>()
  const gate = new EventEmitter()
  const begun = once(gate, 'begun')
  const first = open().put('abc', async (building) => {
    gate.emit('begun')
    await once(gate, 'go on')
    await write(building)
  })
  await begun
  const second = open(waiting).put('abc', twice)
  await vi.waitFor(() => expect(waiting).toHaveBeenCalledOnce(), 5000)
  gate.emit('go on')
  expect(await second).toBe(await first)
})

test('the lock of a killed build is free', async () => {
  const lock = join(folder, 'locks/abc')
  mkdirSync(join(folder, 'locks'))
  writeFileSync(lock, '')
  const holder = spawn('flock', ['--no-fork', lock, 'sh', '-c', 'echo held; exec sleep 60'])
  await once(holder.stdout, 'data')
  const waiting = vi.fn<() => void>()
  const built = open(waiting).put('abc', write)
  await vi.waitFor(() => expect(waiting).toHaveBeenCalledOnce(), 5000)
  holder.kill('SIGKILL')
  expect(existsSync(await built)).toBe(true)
})

test('the cache follows XDG_CACHE_HOME', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/somewhere')
  expect(labCache()).toBe('/somewhere/bench/lab')
})
