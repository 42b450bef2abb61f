import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SyscallError } from '../../contracts/syscalls.ts'
import { createFakeHost } from '../../testing/fake-host.ts'
import { dmErrno, openControl, requestCode } from './control.ts'

const home = mkdtempSync(join(tmpdir(), 'bench-test-'))
const files = { mapper: join(home, 'mapper'), misc: join(home, 'misc') }

beforeAll(() => {
  mkdirSync(files.mapper)
  writeFileSync(join(files.mapper, 'control'), '')
})
afterAll(() => rmSync(home, { recursive: true }))

test('request numbers are those that the C macros give', () => {
  expect(requestCode('version')).toBe(0xc138fd00)
  expect(requestCode('create')).toBe(0xc138fd03)
  expect(requestCode('suspend')).toBe(0xc138fd06)
  expect(requestCode('message')).toBe(0xc138fd0e)
})

describe('control', () => {
  test('asks again with a larger buffer while the answer does not fit', () => {
    const sizes: number[] = []
    const { syscalls } = createFakeHost({
      syscalls: {
        ioctl(_, __, argument) {
          sizes.push(argument.length)
          const BUFFER_FULL = 1 << 8
          if (argument.length < 5000)
            Buffer.from(argument.buffer, argument.byteOffset).writeUInt32LE(BUFFER_FULL, 28)
          return 0
        },
      },
    })
    const control = openControl(syscalls, files)
    control.call('listDevices', {}, 1000)
    control.close()
    expect(sizes).toEqual([1000, 4000, 16000])
  })

  test('says what was asked when the kernel refuses', () => {
    const { syscalls } = createFakeHost({
      syscalls: {
        ioctl() {
          throw new SyscallError('ioctl', 16, 'EBUSY', '')
        },
      },
    })
    const control = openControl(syscalls, files)
    const error = failureOf(() => control.call('remove', { name: 'vol' }))
    control.close()
    expect(error).toMatchObject({ code: 'driver.device-mapper', message: 'device mapper: remove vol: EBUSY' })
    expect(dmErrno(error)).toBe('EBUSY')
    expect(dmErrno(new SyscallError('umount2', 16, 'EBUSY', ''))).toBeNull()
  })

  test('makes the control node where /dev lacks it, with the minor of /proc/misc', () => {
    writeFileSync(files.misc, '236 device-mapper\n 59 cpu_dma_latency\n')
    const elsewhere = { ...files, mapper: join(home, 'new') }
    const host = createFakeHost({ syscalls: { mknod: (path) => writeFileSync(path, '') } })
    openControl(host.syscalls, elsewhere).close()
    expect(host.calls).toEqual([`mknod ${join(home, 'new', 'control')} 20600 ${(10 << 8) | 236}`])
  })

  test('a kernel without device mapper: ENOENT', () => {
    writeFileSync(files.misc, ' 59 cpu_dma_latency\n')
    const absent = { ...files, mapper: join(home, 'absent') }
    expect(failureOf(() => openControl(createFakeHost().syscalls, absent))).toMatchObject({ code: 'ENOENT' })
  })
})

function failureOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}
