/** Who starts the containers of a trial: an OCI runtime, called directly, or the engine of the driver. */
import { constants, openSync, readFileSync, readSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type {
  EngineContainer,
  EngineRuntime,
  PlannedPlace,
} from '../../../harness/contracts/engine-runtime.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { errnoOf } from '../../../harness/contracts/syscalls.ts'
import { sendSignal } from '../../../harness/linux/process.ts'
import type { Bundle } from './bundle.ts'
import {
  abandonContainer,
  announceContainer,
  finishContainer,
  startContainer,
  type Times,
} from './lifecycle.ts'

const NANOSECONDS = 1e9
const CHUNK = 65_536
/** What a process wrote before it ended is in the fifo by then. */
const LAST_MILLISECONDS = 1000

/** A container that has written its first output. */
export interface Alive extends Times {
  /** Kills its process. */
  kill(): Promise<void>
  /** Waits for its end and deletes it. `exit`: seconds from its first output until it is deleted. */
  finish(): Promise<{ exit: number; output: string }>
}

export interface Lives {
  /** Makes ready what is not timed, and writes the journal. `place`: where the container will be. */
  announce(bundle: Bundle, place: PlannedPlace): Promise<void>
  start(bundle: Bundle): Promise<Alive>
  /** After a failure: removes what there may be. */
  abandon(bundle: Bundle): Promise<void>
}

export function livesOf(host: Host, runtime: string, engine: EngineRuntime | null): Lives {
  return engine === null ? runtimeLives(host, runtime) : engineLives(host, runtime, engine)
}

function runtimeLives(host: Host, runtime: string): Lives {
  return {
    announce: async (bundle) => announceContainer(host, bundle),
    async start(bundle) {
      const running = await startContainer(host, runtime, bundle)
      return {
        ...running,
        kill: async () => sendSignal(running.pid, 'SIGKILL'),
        finish: () => finishContainer(host, runtime, bundle, running),
      }
    },
    abandon: (bundle) => abandonContainer(host, runtime, bundle),
  }
}

function engineLives(host: Host, runtime: string, engine: EngineRuntime): Lives {
  const outputs = new Map<string, Output>()
  const close = ({ id }: Bundle) => {
    outputs.get(id)?.close()
    outputs.delete(id)
  }
  return {
    async announce(bundle, place) {
      announceContainer(host, bundle)
      const fifo = fifoOf(bundle)
      await host.run('mkfifo', [fifo])
      const output = openOutput(fifo)
      outputs.set(bundle.id, output)
      await engine.plan?.(place, containerOf(bundle, runtime, output))
    },
    async start(bundle) {
      const output = outputs.get(bundle.id) as Output
      const given = containerOf(bundle, runtime, output)
      const begin = process.hrtime.bigint()
      await engine.create(given)
      const created = process.hrtime.bigint()
      // Clients of engines ask before they start a process, so that no end is missed.
      const ended = engine.ended(bundle.id)
      // It is waited for below, unless the start fails.
      ended.catch(() => undefined)
      const pid = await engine.start(bundle.id)
      const started = process.hrtime.bigint()
      const readyAt = await Promise.race([output.firstByte, ended.then(() => output.atLast())])
      const startedAt = started < readyAt ? started : readyAt
      return {
        create: secondsBetween(begin, created),
        start: secondsBetween(created, startedAt),
        ready: secondsBetween(startedAt, readyAt),
        readyAt,
        async kill() {
          if (engine.kill !== undefined) await engine.kill(bundle.id)
          else if (pid !== null) sendSignal(pid, 'SIGKILL')
        },
        async finish() {
          await ended
          await engine.delete(bundle.id)
          const deleted = process.hrtime.bigint()
          const text = output.rest()
          await engine.show?.(bundle.id)
          close(bundle)
          host.journal.forget({ kind: 'cgroup', name: bundle.id })
          return { exit: secondsBetween(readyAt, deleted), output: text }
        },
      }
    },
    async abandon(bundle) {
      close(bundle)
      await engine.abandon(bundle.id)
    },
  }
}

function fifoOf({ directory }: Bundle): string {
  return join(directory, 'stdout')
}

function containerOf(bundle: Bundle, runtime: string, { take }: Output): EngineContainer {
  const { id, state, process: own, resources } = bundle
  const config = readFileSync(join(bundle.directory, 'config.json'), 'utf8')
  return { id, config, process: own, resources, runtime, state, stdout: fifoOf(bundle), take }
}

interface Output {
  /** Monotonic, ns. */
  firstByte: Promise<bigint>
  /** Waits a moment for the first byte of a process that has ended; throws where none comes. */
  atLast(): Promise<bigint>
  /** Takes what does not come through the fifo. */
  take(bytes: Buffer): void
  /** Returns all that came, with what is in the fifo now. */
  rest(): string
  close(): void
}

/** Opened for both directions, it does not end while nobody writes yet (fifo(7)), and the writer need not wait. */
function openOutput(fifo: string): Output {
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
  const socket = new Socket({ fd, readable: true, writable: false })
  const chunks: Buffer[] = []
  let arrived: (at: bigint) => void
  const firstByte = new Promise<bigint>((resolve) => (arrived = resolve))
  const take = (chunk: Buffer) => {
    arrived(process.hrtime.bigint())
    chunks.push(chunk)
  }
  socket.on('data', take)
  return {
    firstByte,
    take,
    async atLast() {
      const at = await Promise.race([firstByte, sleep(LAST_MILLISECONDS, null)])
      if (at === null) throw noOutput()
      return at
    },
    rest() {
      socket.pause()
      for (let chunk = readNow(fd); chunk !== null; chunk = readNow(fd)) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    },
    close: () => void socket.destroy(),
  }
}

function noOutput(): BenchError {
  return new BenchError('the container ended without output', {
    code: 'scenario.runtime-failed',
    exitCode: ExitCode.cellFailed,
  })
}

/** Returns what can be read at once; null where there is nothing. */
function readNow(fd: number): Buffer | null {
  const chunk = Buffer.alloc(CHUNK)
  try {
    const count = readSync(fd, chunk)
    return count === 0 ? null : chunk.subarray(0, count)
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return null
    throw error
  }
}

function secondsBetween(from: bigint, to: bigint): number {
  return Number(to - from) / NANOSECONDS
}
