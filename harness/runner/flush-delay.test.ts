/** In which order a delayed scratch is made and taken down, and what is asked of a kernel; see also delayed-scratch.root.test.ts. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SyscallError } from '../contracts/syscalls.ts'
import { HEADER_SIZE } from '../linux/dm/header.ts'
import { describeIoctl } from '../linux/dm/testing/describe-ioctl.ts'
import { benchErrorOf, benchErrorOfAsync } from '../testing/errors.ts'
import { createFakeHost } from '../testing/fake-host.ts'
import { openDelayed, requireFlushDelay } from './flush-delay.ts'

const SLOT = { kind: 'loop', path: '/scratch/0.img', offset: 0, size: 1024 ** 2 } as const
const JOURNAL = '{"kind":"device-mapper","prefix":"bench-r-1-delay"}'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  mkdirSync(join(home, 'mapper'))
  writeFileSync(join(home, 'mapper', 'control'), '')
  writeFileSync(join(home, 'misc'), '')
})
afterEach(() => rmSync(home, { recursive: true }))

const files = () => ({ mapper: join(home, 'mapper'), misc: join(home, 'misc') })

/** A kernel with this target that answers a request with EBUSY. */
function fakeHost({ target = 'delay', busy = '' } = {}) {
  return createFakeHost({
    describeIoctl,
    firstLoop: 4,
    syscalls: {
      mknod: (path) => writeFileSync(path, ''),
      ioctl(_, request, argument) {
        const call = describeIoctl(request, argument)
        if (busy !== '' && call.startsWith(busy)) throw new SyscallError('ioctl', 16, 'EBUSY', '')
        if (call === 'listVersions') argument.set(Buffer.from(`${target}\0`), HEADER_SIZE + 16)
        return 0
      },
    },
  })
}

const open = (host: ReturnType<typeof fakeHost>) => openDelayed(host, SLOT, 'bench-r-1', 0.02, files())
const withoutNodes = (calls: readonly string[]) => calls.filter((call) => !call.startsWith('mknod'))

describe('a delayed scratch', () => {
  test('is in the journal before it is made: flushes alone are delayed, at a device that has nothing else', () => {
    const host = fakeHost()
    const scratch = open(host)
    expect(withoutNodes(host.calls)).toEqual([
      `journal record ${JOURNAL}`,
      'loop attach /scratch/0.img /dev/loop4',
      'loop attach /scratch/0.img /dev/loop5',
      'create bench-r-1-delay',
      'load bench-r-1-delay delay /dev/loop4 0 0 /dev/loop4 0 0 /dev/loop5 0 20',
      'suspend bench-r-1-delay',
    ])
    expect(scratch).toMatchObject({
      device: join(home, 'mapper/bench-r-1-delay'),
      devices: ['/dev/loop4'],
      flushes: '/dev/loop5',
      above: 'dm-0',
    })
  })

  test('goes before what lies beneath it, and is then forgotten', () => {
    const host = fakeHost()
    const scratch = open(host)
    host.newCalls()
    scratch.close()
    expect(host.newCalls()).toEqual([
      'remove bench-r-1-delay',
      'loop detach /dev/loop5',
      'loop detach /dev/loop4',
      `journal forget ${JOURNAL}`,
    ])
    expect(existsSync(scratch.device)).toBe(false)
  })

  test('that is still in use stays in the journal, with its loop devices', () => {
    const host = fakeHost({ busy: 'remove' })
    const scratch = open(host)
    host.newCalls()
    expect(benchErrorOf(() => scratch.close()).code).toBe('driver.busy')
    expect(host.newCalls()).toEqual(['remove bench-r-1-delay'])
  })

  test('that the kernel refuses leaves nothing', () => {
    const host = fakeHost({ busy: 'load' })
    expect(benchErrorOf(() => open(host)).code).toBe('driver.device-mapper')
    expect(withoutNodes(host.calls).slice(-4)).toEqual([
      'remove bench-r-1-delay',
      'loop detach /dev/loop5',
      'loop detach /dev/loop4',
      `journal forget ${JOURNAL}`,
    ])
  })

  test('needs a loop file', () => {
    const host = fakeHost()
    const slot = { kind: 'device', path: '/dev/sdz1' } as const
    expect(benchErrorOf(() => openDelayed(host, slot, 'x', 0.02, files())).code).toBe('inject.device')
    expect(host.calls).toEqual([])
  })
})

describe('a kernel', () => {
  const injected = { 'overlay2@ext4#slow': { flush: 0.02, measured: null } }

  test('with dm-delay will do, and its module is loaded', async () => {
    const host = fakeHost()
    await requireFlushDelay(host, { injected }, files())
    expect(host.calls).toEqual(['run modprobe --quiet dm-delay', 'listVersions'])
  })

  test.each([
    ['without device mapper', () => ({ ...files(), mapper: join(home, 'absent') }), /has no device mapper$/],
    ['without dm-delay', files, /lacks the target delay$/],
  ] as const)('%s is refused, with what would help', async (_, where, reason) => {
    const error = await benchErrorOfAsync(
      requireFlushDelay(fakeHost({ target: 'linear' }), { injected }, where()),
    )
    expect(error).toMatchObject({ code: 'inject.no-dm-delay', exitCode: 4 })
    expect(error.message).toMatch(reason)
    expect(error.hint).toContain('CONFIG_DM_DELAY')
  })

  test('is not asked where no flush is to be delayed', async () => {
    const host = fakeHost()
    await requireFlushDelay(host, { injected: { 'overlay2@ext4#slow': 0.05 } }, files())
    expect(host.calls).toEqual([])
  })
})
