import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyLog, engineJob, jobFor, preconditionJob, questions, type Question } from './device-jobs.ts'

const MIB = 1024 ** 2
const area = { device: '/dev/x', size: 64 * MIB }
const means = { engine: 'io_uring', area, seconds: 0.4, log: '/d/copy.log' } as const

const find = (operation: Question['operation'], pattern: Question['pattern'], queueDepth: number) =>
  questions('io_uring')
    .flat()
    .find((one) => one.operation === operation && one.pattern === pattern && one.queueDepth === queueDepth)

const optionsOf = (...which: Parameters<typeof find>) => {
  const question = find(...which)
  if (question === undefined) throw new Error(`${which.join(' ')} is not asked`)
  return jobFor(question, means).options
}

describe('what is asked', () => {
  test('is each operation in each pattern, alone and eight at a time; a copy only in sequence', () => {
    const asked = questions('libaio').map((group) =>
      group.map(({ operation, pattern, blockSize, queueDepth }) =>
        [operation, pattern, blockSize, queueDepth].join(' '),
      ),
    )
    expect(asked).toEqual([
      ['read sequential 1048576 1', 'read sequential 1048576 8'],
      ['read random 4096 1', 'read random 4096 8'],
      ['write sequential 1048576 1', 'write sequential 1048576 8'],
      ['write random 4096 1', 'write random 4096 8'],
      ['write+flush sequential 1048576 1', 'write+flush sequential 1048576 8'],
      ['write+flush random 4096 1', 'write+flush random 4096 8'],
      ['copy sequential 1048576 1', 'copy sequential 1048576 8'],
    ])
  })

  test('is nothing with a queue where no engine keeps one', () => {
    expect(new Set(questions(null).flatMap((group) => group.map(({ queueDepth }) => queueDepth)))).toEqual(
      new Set([1]),
    )
  })
})

describe('a job', () => {
  const raw = { direct: '1', allow_file_create: '0', filename: '/dev/x' }
  const timedOn = { ...raw, size: '67108864', time_based: '1', runtime: '400ms' }

  test('of sequential writes goes over the area for its time', () => {
    expect(optionsOf('write', 'sequential', 8)).toEqual({
      ...timedOn,
      rw: 'write',
      bs: '1048576',
      ioengine: 'io_uring',
      iodepth: '8',
    })
  })

  test('of random reads', () => {
    expect(optionsOf('read', 'random', 1)).toEqual({
      ...timedOn,
      rw: 'randread',
      bs: '4096',
      ioengine: 'io_uring',
      iodepth: '1',
    })
  })

  test('of sequential writes to be durable flushes once, within its time', () => {
    expect(optionsOf('write+flush', 'sequential', 1)).toMatchObject({ rw: 'write', end_fsync: '1' })
    expect(optionsOf('write', 'sequential', 1)).not.toHaveProperty('end_fsync')
  })

  test('of random writes to be durable flushes each, by as many writers as are at it at a time', () => {
    const options = optionsOf('write+flush', 'random', 8)
    expect(options).toEqual({
      ...timedOn,
      rw: 'randwrite',
      bs: '4096',
      fdatasync: '1',
      ioengine: 'psync',
      thread: '1',
      numjobs: '8',
      group_reporting: '1',
    })
  })

  test('of a copy replays the log without its pauses', () => {
    expect(optionsOf('copy', 'sequential', 8)).toEqual({
      direct: '1',
      allow_file_create: '0',
      read_iolog: '/d/copy.log',
      replay_no_stall: '1',
      runtime: '400ms',
      ioengine: 'io_uring',
      iodepth: '8',
    })
  })

  test('without an engine that keeps a queue is done by pread and pwrite', () => {
    const question = questions(null)[0]?.[0]
    if (question === undefined) throw new Error('nothing is asked')
    const { options } = jobFor(question, { ...means, engine: null })
    expect(options['ioengine']).toBe('psync')
    expect(options).not.toHaveProperty('iodepth')
  })

  test('before all others writes the whole area once, whatever time it takes, and flushes it', () => {
    const { options } = preconditionJob('libaio', area)
    expect(options).toMatchObject({ ...raw, rw: 'write', size: '67108864', end_fsync: '1' })
    expect(options).not.toHaveProperty('runtime')
  })

  test('that tries an engine writes nothing', () => {
    expect(engineJob('libaio', area).options).toMatchObject({ ...raw, rw: 'read', ioengine: 'libaio' })
  })

  test('never makes a file where the device should be', () => {
    const jobs = questions('libaio')
      .flat()
      .map((question) => jobFor(question, means))
    for (const { options } of [...jobs, engineJob('libaio', area), preconditionJob(null, area)]) {
      expect(options).toMatchObject({ direct: '1', allow_file_create: '0' })
    }
  })
})

describe('the log of a copy', () => {
  const actions = (size: number) =>
    copyLog({ device: '/dev/x', size })
      .trimEnd()
      .split('\n')
      .slice(3, -1)
      .map((line) => {
        const [device, verb, offset, length] = line.split(' ')
        return { device, verb, offset: Number(offset), length: Number(length) }
      })

  test('is in the form that fio replays', () => {
    const lines = copyLog({ device: '/dev/x', size: 2 * MIB }).split('\n')
    expect(lines.slice(0, 5)).toEqual([
      'fio version 2 iolog',
      '/dev/x add',
      '/dev/x open',
      '/dev/x read 0 1048576',
      '/dev/x write 1048576 1048576',
    ])
    expect(lines.slice(-2)).toEqual(['/dev/x close', ''])
  })

  test('reads a block, then writes it as far behind as all that is read is long, and stays in the area', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 * MIB, max: 40 * MIB }), (size) => {
        const all = actions(size)
        const reads = all.filter((_, index) => index % 2 === 0)
        const writes = all.filter((_, index) => index % 2 === 1)
        const half = Math.max(...reads.map(({ offset, length }) => offset + length))
        expect(reads.every(({ verb }) => verb === 'read')).toBe(true)
        expect(writes.map(({ verb, offset }) => [verb, offset - half])).toEqual(
          reads.map(({ offset }) => ['write', offset]),
        )
        expect(Math.max(...writes.map(({ offset, length }) => offset + length))).toBeLessThanOrEqual(size)
      }),
    )
  })
})
