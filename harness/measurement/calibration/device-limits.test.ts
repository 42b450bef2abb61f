import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BenchError } from '../../contracts/error.ts'
import { benchErrorOfAsync } from '../../testing/errors.ts'
import { createFakeHost, type FakeHost } from '../../testing/fake-host.ts'
import { diskFolder } from '../../testing/scratch-file.ts'
import { deviceLimits, type DeviceLimitsInputs } from './device-limits.ts'

const MIB = 1024 ** 2
/** Latencies of the answers below, seconds. */
const [OWN, FLUSH] = [0.002, 0.005]

let folder: ReturnType<typeof diskFolder>
beforeEach(() => (folder = diskFolder()))
afterEach(() => folder[Symbol.dispose]())

const percentiles = (seconds: number) => ({
  percentile: { '50.000000': seconds * 1e9, '99.000000': 2 * seconds * 1e9 },
})
const direction = (bytes: number) => ({
  iops: 100,
  io_bytes: bytes,
  runtime: 2000,
  clat_ns: percentiles(OWN),
})

/** Returns a section of a job file, as fio answers it. */
function answer(section: string): object {
  const reads = section.startsWith('[read')
  return {
    jobname: 'x',
    error: 0,
    read: direction(reads || section.startsWith('[copy') ? 6 * MIB : 0),
    write: direction(reads ? 0 : 4 * MIB),
    ...(section.includes('fdatasync=1') ? { sync: { lat_ns: percentiles(FLUSH) } } : {}),
  }
}

/** A fio that fails for some engines. `started`: the first section of each job file, in order. */
function fakeFio(broken: readonly string[] = []): { host: FakeHost; started: string[] } {
  const started: string[] = []
  const host = createFakeHost({
    run(_, args) {
      const file = readFileSync(args.at(-1) ?? '', 'utf8')
      started.push(/^\[(.*)\]/.exec(file)?.[1] ?? '')
      if (broken.some((engine) => file.includes(`ioengine=${engine}`))) {
        throw new BenchError('fio ended with 1', { code: 'host.command-failed', exitCode: 5 })
      }
      const sections = file.trim().split('\n\n')
      return JSON.stringify({ jobs: sections.map(answer) })
    },
  })
  return { host, started }
}

function measure(host: FakeHost, changes: Partial<DeviceLimitsInputs> = {}) {
  return deviceLimits({
    host,
    area: { device: '/dev/x', size: 64 * MIB },
    directory: folder.path,
    seconds: 1,
    stopping: () => false,
    onStep: () => undefined,
    ...changes,
  })
}

describe('the limits of a device', () => {
  test('are measured on an area that was written first, each kind in one start of fio', async () => {
    const { host, started } = fakeFio()
    const limits = await measure(host)
    expect(started).toEqual([
      'io_uring',
      'precondition',
      'read-sequential-1',
      'read-random-1',
      'write-sequential-1',
      'write-random-1',
      'write+flush-sequential-1',
      'write+flush-random-1',
      'copy-sequential-1',
    ])
    expect(limits).toHaveLength(14)
  })

  test('tell throughput and rate; of a copy, of what was written', async () => {
    const limits = (await measure(fakeFio().host)) ?? []
    expect(limits[0]).toMatchObject({ operation: 'read', bytesPerSecond: 3 * MIB, iops: 100 })
    expect(limits.at(-1)).toMatchObject({ operation: 'copy', queueDepth: 8, bytesPerSecond: 2 * MIB })
  })

  test('have the latency of an I/O, of the flush where each is flushed, and none where none is one', async () => {
    const limits = (await measure(fakeFio().host)) ?? []
    const latencies = limits
      .filter(({ queueDepth }) => queueDepth === 1)
      .map(({ operation, pattern, median, p99 }) => [operation, pattern, median, p99])
    expect(latencies).toEqual([
      ['read', 'sequential', OWN, 2 * OWN],
      ['read', 'random', OWN, 2 * OWN],
      ['write', 'sequential', OWN, 2 * OWN],
      ['write', 'random', OWN, 2 * OWN],
      ['write+flush', 'sequential', null, null],
      ['write+flush', 'random', FLUSH, 2 * FLUSH],
      ['copy', 'sequential', null, null],
    ])
  })

  test('are measured with libaio where io_uring does not work', async () => {
    const { host, started } = fakeFio(['io_uring'])
    const limits = await measure(host)
    expect(started.slice(0, 3)).toEqual(['io_uring', 'libaio', 'precondition'])
    expect(limits).toHaveLength(14)
  })

  test('are measured with one I/O at a time only where neither works', async () => {
    const limits = (await measure(fakeFio(['io_uring', 'libaio']).host)) ?? []
    expect(limits.map(({ queueDepth }) => queueDepth)).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  test('are not made up where fio fails altogether', async () => {
    const { host } = fakeFio(['io_uring', 'libaio', 'psync'])
    expect(await benchErrorOfAsync(measure(host))).toMatchObject({ code: 'host.command-failed' })
  })

  test('are left when it is time to stop: nothing more is started', async () => {
    const { host, started } = fakeFio()
    const stopping = () => started.includes('read-random-1')
    expect(await measure(host, { stopping })).toBeNull()
    expect(started.at(-1)).toBe('read-random-1')
  })

  test('are announced step by step', async () => {
    const steps: string[] = []
    await measure(fakeFio().host, { onStep: (text) => steps.push(text) })
    expect(steps).toHaveLength(8)
    expect(steps.slice(0, 2)).toEqual(['writing the device once', 'device, sequential read'])
  })
})
