import { expect, test } from 'vitest'
import { createFakeHost } from './fake-host.ts'

test('logs every call in order, and tells what is new', async () => {
  const host = createFakeHost({ run: (program) => `${program} says`, firstLoop: 3 })
  host.journal.record({ kind: 'file', path: '/a' })
  const { device } = host.loops.attach('/a')
  expect((await host.run('mkfs.ext4', ['-q', device])).stdout).toBe('mkfs.ext4 says')
  expect(host.newCalls()).toEqual([
    'journal record {"kind":"file","path":"/a"}',
    'loop attach /a /dev/loop3',
    'run mkfs.ext4 -q /dev/loop3',
  ])
  host.syscalls.umount('/b')
  expect(host.newCalls()).toEqual(['umount(2) /b 0'])
  expect(host.calls).toHaveLength(4)
})

test('a scripted system call answers; one that must answer and has no script fails the test', () => {
  const { syscalls } = createFakeHost({ syscalls: { residentPages: () => ({ resident: 1, total: 2 }) } })
  expect(syscalls.residentPages(0, 8192)).toEqual({ resident: 1, total: 2 })
  expect(() => syscalls.fiemap(0)).toThrow('no script for fiemap')
})

test('has the programs and file systems that it is given', async () => {
  const host = createFakeHost({ programs: ['mkfs.xfs'], filesystems: ['xfs'] })
  expect([host.which('mkfs.xfs'), host.which('mkfs.ext4')]).toEqual(['/usr/bin/mkfs.xfs', null])
  expect([await host.hasFilesystem('xfs'), await host.hasFilesystem('ext4')]).toEqual([true, false])
})
