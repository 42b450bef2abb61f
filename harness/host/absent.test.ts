import { expect, test } from 'vitest'
import type { Driver, DriverConfig } from '../contracts/driver.ts'
import type { DriverNeeds } from '../contracts/needs.ts'
import { absentHere, type Look } from './absent.ts'

const everything: Look = {
  kernel: '6.1.0',
  hasFilesystem: () => true,
  hasDeviceMapper: () => true,
  which: (program) => `/usr/bin/${program}`,
}

function absent(look: Partial<Look>, needs: DriverNeeds, text = 'one@ext4'): string | null {
  const driver = { meta: { needs } } as Driver
  return absentHere({ ...everything, ...look })(driver, { text, backing: 'ext4' } as DriverConfig)
}

test('nothing is absent where the machine has all that is needed', () => {
  expect(absent({}, { filesystems: ['overlay'], targets: ['thin'], programs: [{ name: 'mkfs' }] })).toBeNull()
})

test.each<[string, Partial<Look>, DriverNeeds, string]>([
  [
    'a file system',
    { hasFilesystem: (type) => type !== 'aufs' },
    { filesystems: ['aufs'] },
    'this kernel (6.1.0) has no aufs',
  ],
  [
    'the file system of its backing',
    { hasFilesystem: (type) => type !== 'ext4' },
    {},
    'this kernel (6.1.0) has no ext4',
  ],
  [
    'device mapper',
    { hasDeviceMapper: () => false },
    { targets: ['thin-pool'] },
    'this kernel (6.1.0) has no device mapper',
  ],
  [
    'a program',
    { which: (name) => (name === 'daemon' ? null : name) },
    { programs: [{ name: 'daemon' }] },
    'daemon is not installed',
  ],
])('a configuration is absent for want of %s', (_, look, needs, reason) => {
  expect(absent(look, needs)).toBe(reason)
})

test('what an option needs counts where the option is chosen', () => {
  const needs = { options: { 'mode=fast': { programs: [{ name: 'fast' }] } } }
  const look = { which: (name: string) => (name === 'fast' ? null : name) }
  expect(absent(look, needs)).toBeNull()
  expect(absent(look, needs, 'one@ext4+mode=fast')).toBe('fast is not installed')
})

test('a driver that no Linux has is absent everywhere', () => {
  const never = { ok: false, code: 'never', reason: 'not on Linux', hint: '' } as const
  expect(absent({}, { never })).toBe('not on Linux')
})
