import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskFolder } from '../../testing/scratch-file.ts'
import { chooseAccelerator } from './accelerator.ts'

const image = { kernel: '/k', initrd: null }
const version = (stdout: string) => ({ run: async () => ({ exitCode: 0, stdout, stderr: '' }) })

test('where there is no KVM nobody asks it', async () => {
  using folder = diskFolder()
  const asked = { host: version('QEMU 7.2'), image, file: join(folder.path, 'kvm.json'), device: '/nowhere' }
  await expect(
    chooseAccelerator({ ...asked, boots: () => Promise.reject(new Error('asked')) }),
  ).resolves.toEqual({
    accelerator: 'tcg',
    reason: '/nowhere cannot be opened',
  })
})

test('a guest is booted once for each QEMU, whatever becomes of it', async () => {
  using folder = diskFolder()
  const file = join(folder.path, 'lab', 'kvm.json')
  let booted = 0
  const ask = (qemu: string, works: boolean) =>
    chooseAccelerator({
      host: version(qemu),
      image,
      file,
      device: '/dev/null',
      boots: async () => {
        booted += 1
        return works
      },
    })
  await expect(ask('QEMU 7.2', false)).resolves.toMatchObject({
    accelerator: 'tcg',
    reason: expect.stringContaining('does not boot'),
  })
  await expect(ask('QEMU 7.2', true)).resolves.toMatchObject({ accelerator: 'tcg' })
  expect(booted).toBe(1)
  await expect(ask('QEMU 9.0', true)).resolves.toEqual({ accelerator: 'kvm', reason: null })
  await expect(ask('QEMU 9.0', false)).resolves.toEqual({ accelerator: 'kvm', reason: null })
  expect(booted).toBe(2)
  writeFileSync(file, '{"torn')
  await ask('QEMU 9.0', true)
  expect(booted).toBe(3)
})
