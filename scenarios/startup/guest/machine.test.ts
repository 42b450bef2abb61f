import { expect, test } from 'vitest'
import { GREETS } from '../../common/container/bundle.ts'
import { guestArgs, guestInit, MARKS } from './machine.ts'

const machine = { name: 'bench-x', kernel: '/k', initrd: '/i', root: '/store/a,b/root' } as const
const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] ?? ''

test('the container is the root of the machine, whose serial line is the output of QEMU', () => {
  const args = guestArgs({ ...machine, accelerator: 'kvm' })
  expect(after(args, '-fsdev')).toBe(
    'local,id=root,path=/store/a,,b/root,security_model=passthrough,multidevs=remap',
  )
  expect(after(args, '-device')).toBe('virtio-9p-device,fsdev=root,mount_tag=root')
  expect(after(args, '-serial')).toBe('chardev:serial')
  expect(after(args, '-machine')).toBe('microvm')
})

test('an emulated machine is told the rate of its counter; under KVM it learns it', () => {
  expect(after(guestArgs({ ...machine, accelerator: 'tcg' }), '-append')).toContain('tsc=reliable')
  expect(after(guestArgs({ ...machine, accelerator: 'kvm' }), '-append')).not.toContain('tsc')
})

test('the first process runs what the container runs, between two marks, and ends the machine', () => {
  const script = guestInit({ ...GREETS, env: ["A=it's"] })
  const lines = script.trimEnd().split('\n')
  expect(lines.slice(0, 2)).toEqual(['#!/bin/busybox sh', `echo ${MARKS.init}`])
  expect(lines.slice(-5)).toEqual([
    `export 'A=it'\\''s'`,
    `echo ${MARKS.output}`,
    "$b chroot /root '/bin/busybox' 'echo' 'ready'",
    `echo ${MARKS.exit} $?`,
    '$b reboot -f',
  ])
})
