import { mkdtempSync, openSync, rmSync, writeSync, closeSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { EngineContainer, EngineRuntime } from '../../../harness/contracts/engine-runtime.ts'
import { testHost } from '../../../harness/testing/scratch-file.ts'
import { GREETING, writeBundle } from './bundle.ts'
import { livesOf } from './lives.ts'

const PLACE = { key: 'container-1', parent: 'image' }

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bench-lives-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

/** An engine whose containers write into their fifo at their start, and once more before they are deleted. */
function fakeEngine(log: string[], fault: 'start' | 'silent' | null = null): EngineRuntime {
  let end = () => {}
  const over = new Promise<void>((resolve) => (end = resolve))
  const outputs = new Map<string, number>()
  const write = (id: string, text: string) => writeSync(outputs.get(id) as number, text)
  return {
    async create({ id, stdout, config, runtime }: EngineContainer) {
      log.push(`create ${runtime} ${(JSON.parse(config) as { root: { path: string } }).root.path}`)
      outputs.set(id, openSync(stdout, constants.O_WRONLY | constants.O_NONBLOCK))
    },
    async start(id) {
      log.push('start')
      if (fault === 'start') throw new Error('no such program')
      if (fault === null) write(id, GREETING)
      end()
      return 17
    },
    async ended() {
      await over
      log.push('ended')
    },
    async delete(id) {
      log.push('delete')
      write(id, 'and more')
      closeSync(outputs.get(id) as number)
    },
    async abandon(id) {
      log.push('abandon')
      closeSync(outputs.get(id) as number)
    },
  }
}

test('an engine creates, starts and deletes a container in place of the runtime, and all of its output is read', async () => {
  const log: string[] = []
  const lives = livesOf(testHost(), 'runc', fakeEngine(log))
  const bundle = writeBundle('bench-test-1', join(folder(), 'bundle'), '/container/root')
  await lives.announce(bundle, PLACE)
  const alive = await lives.start(bundle)
  const { output, exit } = await alive.finish()
  expect(log).toEqual(['create runc /container/root', 'start', 'ended', 'delete'])
  expect(output).toBe(`${GREETING}and more`)
  for (const seconds of [alive.create, alive.start, alive.ready, exit])
    expect(seconds).toBeGreaterThanOrEqual(0)
})

test('a container that ends without a word fails the sample', async () => {
  const lives = livesOf(testHost(), 'runc', fakeEngine([], 'silent'))
  const bundle = writeBundle('bench-test-3', join(folder(), 'bundle'), '/container/root')
  await lives.announce(bundle, PLACE)
  await expect(lives.start(bundle)).rejects.toThrow('ended without output')
  await lives.abandon(bundle)
})

test('a container that does not start is abandoned', async () => {
  const log: string[] = []
  const lives = livesOf(testHost(), 'runc', fakeEngine(log, 'start'))
  const bundle = writeBundle('bench-test-2', join(folder(), 'bundle'), '/container/root')
  await lives.announce(bundle, PLACE)
  await expect(lives.start(bundle)).rejects.toThrow('no such program')
  await lives.abandon(bundle)
  expect(log.slice(1)).toEqual(['start', 'abandon'])
})

test('an engine that mounts by itself knows the container before it is prepared, and shows what it left when all is timed', async () => {
  const log: string[] = []
  let given: EngineContainer | undefined
  const engine: EngineRuntime = {
    async plan({ key, parent }, container) {
      log.push(`plan ${key} on ${parent} ${container.process.args.at(-1)}`)
      given = container
    },
    create: async () => void log.push('create'),
    async start() {
      log.push('start')
      given?.take(Buffer.from(GREETING))
      return null
    },
    kill: async () => void log.push('kill'),
    ended: () => Promise.resolve(),
    delete: async () => void log.push('delete'),
    show: async () => void log.push('show'),
    abandon: () => Promise.resolve(),
  }
  const lives = livesOf(testHost(), 'runc', engine)
  const bundle = writeBundle('bench-test-4', join(folder(), 'bundle'), '/container/root')
  await lives.announce(bundle, PLACE)
  const alive = await lives.start(bundle)
  await alive.kill()
  const { output } = await alive.finish()
  expect(output).toBe(GREETING)
  expect(log).toEqual(['plan container-1 on image ready', 'create', 'start', 'kill', 'delete', 'show'])
})
