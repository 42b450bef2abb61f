/** The pool on files, as Docker's loop-lvm: in which order it is made, used and taken down. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Scratch } from '../../harness/contracts/driver.ts'
import { SyscallError } from '../../harness/contracts/syscalls.ts'
import { createFakeHost, type FakeHostScript } from '../../harness/testing/fake-host.ts'
import { configure } from '../testsuite/configuration.ts'
import { HEADER_SIZE } from '../../harness/linux/dm/header.ts'
import { describeIoctl } from '../../harness/linux/dm/testing/describe-ioctl.ts'
import { encodeTargets } from '../../harness/linux/dm/targets.ts'
import { createDriver, devicemapper } from './index.ts'

const SIZE = 1024 ** 3
const BLKDISCARD = 'ioctl 0x1277'

let home: string
let scratch: Scratch

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  mkdirSync(join(home, 'mapper'))
  writeFileSync(join(home, 'mapper', 'control'), '')
  scratch = { device: '/dev/scratch', size: SIZE, directory: join(home, 'd'), label: 'bench-1' }
})
afterEach(() => rmSync(home, { recursive: true }))

interface Kernel {
  /** Requests that it answers with EINVAL. Default: none. */
  refuses?: (call: string) => boolean
  /** Status line of the pool. */
  status?: string
  /** Options of the driver, besides `pool=loop`. */
  options?: Readonly<Record<string, string>>
}

function open({ refuses = () => false, status = '', options = {} }: Kernel = {}) {
  const syscalls: FakeHostScript['syscalls'] = {
    mknod: (path) => writeFileSync(path, ''),
    ioctl(_, request, argument) {
      const call = describeIoctl(request, argument)
      if (refuses(call)) throw new SyscallError('ioctl', 22, 'EINVAL', '')
      if (call.startsWith('tableStatus')) answerStatus(argument, status)
      return 0
    },
  }
  const config = configure(devicemapper, 'xfs', { pool: 'loop', ...options })
  const host = createFakeHost({ describeIoctl, firstLoop: 4, syscalls })
  const driver = createDriver({ mapper: join(home, 'mapper'), misc: '/dev/null' })
  const calls = () =>
    host
      .newCalls()
      .map((call) => call.replaceAll(home, ''))
      .filter((call) => !/^(?:mknod|run)/.test(call))
  return { calls, opening: driver.open(host, config, scratch) }
}

/** As the kernel does: the number of targets in the header, and behind it each with its status. */
function answerStatus(argument: Uint8Array, status: string): void {
  const TARGET_COUNT = 20
  argument[TARGET_COUNT] = 1
  argument.set(encodeTargets([{ start: 0, length: 1, type: 'thin-pool', parameters: status }]), HEADER_SIZE)
}

const journalOf = (verb: string, kind: string) => `journal ${verb} {"kind":"${kind}","path":"/d/files"}`
const wholeJournal = (verb: string) => `journal ${verb} {"kind":"device-mapper","prefix":"bench-1-"}`

test('open: ext4, two sparse files, loop devices, pool, base', async () => {
  const { calls, opening } = open()
  await opening
  const virtualSectors = statSync(join(home, 'd/files/data')).size / 512
  expect(virtualSectors * 512).toBeLessThan(SIZE)
  expect(statSync(join(home, 'd/files/data')).blocks).toBe(0)
  expect(calls()).toEqual([
    wholeJournal('record'),
    journalOf('record', 'mount'),
    journalOf('record', 'loop'),
    'mount ext4 /dev/scratch /d/files noatime',
    'loop attach /d/files/metadata /dev/loop4',
    'loop attach /d/files/data /dev/loop5',
    'create bench-1-pool',
    'load bench-1-pool thin-pool /dev/loop4 /dev/loop5 128 1448 2 skip_block_zeroing error_if_no_space',
    'suspend bench-1-pool',
    'message bench-1-pool create_thin 0',
    'create bench-1-base',
    'load bench-1-base thin 0:0 0',
    'suspend bench-1-base',
    'remove bench-1-base',
  ])
})

test('xfs is mounted without regard to its UUID', async () => {
  const { opening } = open()
  const store = await opening
  const [mount] = await store.prepare('one', null)
  expect(mount).toMatchObject({ type: 'xfs', options: ['noatime', 'nouuid'] })
})

test('remove discards the blocks before the device goes, as Docker does on loop devices', async () => {
  const { calls, opening } = open()
  const store = await opening
  await store.prepare('one', null)
  calls()
  await store.remove('one')
  expect(calls()).toEqual([BLKDISCARD, 'remove bench-1-0', 'message bench-1-pool delete 1'])
  expect(existsSync(join(home, 'mapper/bench-1-0'))).toBe(false)
})

test('dispose takes down from the top, and has the journal forget as it goes', async () => {
  const { calls, opening } = open()
  const store = await opening
  await store.prepare('left', null)
  calls()
  await store[Symbol.asyncDispose]()
  expect(calls()).toEqual([
    'remove bench-1-0',
    'remove bench-1-pool',
    'loop detach /dev/loop5',
    'loop detach /dev/loop4',
    'unmount /d/files',
    journalOf('forget', 'loop'),
    journalOf('forget', 'mount'),
    wholeJournal('forget'),
  ])
})

test('a pool that the kernel refuses leaves nothing', async () => {
  const { calls, opening } = open({ refuses: (call) => call.startsWith('load bench-1-pool') })
  await expect(opening).rejects.toMatchObject({
    code: 'driver.device-mapper',
    message: 'device mapper: load bench-1-pool: EINVAL',
  })
  expect(calls().slice(-7)).toEqual([
    'remove bench-1-pool',
    'loop detach /dev/loop5',
    'loop detach /dev/loop4',
    'unmount /d/files',
    journalOf('forget', 'loop'),
    journalOf('forget', 'mount'),
    wholeJournal('forget'),
  ])
})

test('a snapshot whose device fails is deleted again, and its key is free', async () => {
  let broken = true
  const { calls, opening } = open({ refuses: (call) => broken && call.startsWith('load bench-1-0') })
  const store = await opening
  calls()
  await expect(store.prepare('one', null)).rejects.toMatchObject({ code: 'driver.device-mapper' })
  expect(calls().slice(-2)).toEqual(['remove bench-1-0', 'message bench-1-pool delete 1'])
  broken = false
  expect(await store.prepare('one', null)).toHaveLength(1)
})

/** `free`: of 1,000 blocks. */
const poolOf = (free: number, mode = 'rw') =>
  `0 24/4096 ${1000 - free}/1000 - ${mode} discard_passdown error_if_no_space - 1024`

describe('a pool that runs full', () => {
  test('lets its writes wait where it is asked for', async () => {
    const { calls, opening } = open({ options: { full: 'queue' } })
    await opening
    expect(calls().find((call) => call.startsWith('load bench-1-pool'))).toMatch(/ 1 skip_block_zeroing$/)
  })

  test('makes no container below the percentage that has to be free', async () => {
    const { calls, opening } = open({ options: { minfree: '10' }, status: poolOf(99) })
    const store = await opening
    calls()
    await expect(store.prepare('one', null)).rejects.toMatchObject({ code: 'driver.pool-full' })
    expect(calls()).toEqual(['tableStatus bench-1-pool'])
  })

  test('is not even asked where nothing has to be free', async () => {
    const { calls, opening } = open({ status: poolOf(0) })
    const store = await opening
    calls()
    await store.prepare('one', null)
    expect(calls()).not.toContain('tableStatus bench-1-pool')
  })

  test.for([
    [poolOf(100), { details: { poolFree: 0.1 }, warnings: [] }],
    [poolOf(99), { warnings: [{ code: 'driver.pool-low', message: expect.stringContaining('9 % free') }] }],
    [poolOf(0, 'out_of_data_space'), { failure: { code: 'driver.pool-full' } }],
    ['Fail', { failure: { code: 'driver.pool-failed' } }],
  ] as const)('with the status %s tells a sample: %o', async ([status, expected]) => {
    const store = await open({ status }).opening
    expect(await store.condition?.()).toMatchObject(expected)
  })
})
