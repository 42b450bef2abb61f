import { expect, test } from 'vitest'
import { isRoot } from '../../linux/privilege.ts'
import { kernelCommandLine } from './kernel-command-line.ts'
import { checkMachine } from './machine.ts'

test('the kernel finds its root and its first process', () => {
  expect(kernelCommandLine('qemu').split(' ')).toEqual(
    expect.arrayContaining(['root=/dev/vda', 'rw', 'console=ttyS0', 'net.ifnames=0']),
  )
  expect(kernelCommandLine('uml').split(' ')).toEqual(
    expect.arrayContaining(['root=/dev/ubda', 'rw', 'init=/usr/local/lib/bench/init']),
  )
})

test.runIf(isRoot())('on a machine that lacks programs the error names their packages', () => {
  const which = (program: string) => (['mmdebstrap', 'depmod', 'modprobe'].includes(program) ? null : '/x')
  expect(() => checkMachine({ which })).toThrow(
    expect.objectContaining({
      message: 'building an image of the lab needs depmod, mmdebstrap, modprobe',
      hint: 'on Debian: apt-get install kmod mmdebstrap',
      exitCode: 4,
    }),
  )
  expect(() => checkMachine({ which: () => '/x' })).not.toThrow()
})
