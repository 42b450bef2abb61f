import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run, which } from '../../host/commands.ts'
import { readImage } from './cached-image.ts'
import { releaseOfKernel } from '../../linux/guest/kernel-release.ts'
import { buildOwnKernelImage, examineKernel } from './own-kernel.ts'
import type { LabImage } from './types.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-kernel-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As much of an x86 kernel image as says which it is. */
function kernelImage(release: string): Buffer {
  const bytes = Buffer.alloc(4096)
  bytes.write('HdrS', 0x202)
  bytes.writeUInt16LE(0x400, 0x20e)
  bytes.write(`${release} (someone@somewhere) #1 SMP\0`, 0x600)
  return bytes
}

function put(name: string, content: string | Buffer = ''): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

test('a kernel image says which release it is, and another file says nothing', async () => {
  expect(await releaseOfKernel(put('vmlinuz', kernelImage('6.9.1-mine')))).toBe('6.9.1-mine')
  expect(await releaseOfKernel(put('elf', Buffer.alloc(4096, 'x')))).toBeNull()
  expect(await releaseOfKernel(put('empty'))).toBeNull()
})

test.each([
  ['itself', 'm/6.9', 'm/6.9'],
  ['the folder above', 'm/6.9', 'm'],
  ['what modules_install wrote', 'm/lib/modules/6.9', 'm'],
])('the modules folder is found: %s', async (_name, lies, given) => {
  const kernel = put('vmlinuz', kernelImage('6.9'))
  put(join(lies, 'modules.dep'))
  const own = await examineKernel({ kernel, initrd: null, modules: join(folder, given) })
  expect(own).toMatchObject({ release: '6.9', modules: join(folder, lies) })
})

test('modules of another kernel are refused', async () => {
  const kernel = put('vmlinuz', kernelImage('6.9'))
  put('m/6.8/modules.dep')
  await expect(examineKernel({ kernel, initrd: null, modules: join(folder, 'm/6.8') })).rejects.toMatchObject(
    {
      message: `${kernel} is kernel 6.9, but the modules are for 6.8`,
      exitCode: 2,
    },
  )
})

test('what is not there is named with its option', async () => {
  const kernel = put('vmlinuz', kernelImage('6.9'))
  const none = join(folder, 'none')
  const examine = (own: object) => examineKernel({ kernel, initrd: null, modules: null, ...own })
  await expect(examine({ kernel: none })).rejects.toThrow(`--kernel ${none}: no such file`)
  await expect(examine({ initrd: none })).rejects.toThrow(`--initrd ${none}: no such file`)
  await expect(examine({ modules: none })).rejects.toThrow(`--modules ${none} contains no modules.dep`)
  put('m/6.8/modules.dep')
  put('m/6.9/modules.dep')
  await expect(examine({ modules: join(folder, 'm') })).rejects.toThrow('modules of several kernels')
})

test('any changed byte of kernel, initrd or modules is another kernel', async () => {
  const kernel = put('vmlinuz', kernelImage('6.9'))
  const initrd = put('initrd', 'one')
  put('m/6.9/modules.dep')
  put('m/6.9/a.ko', 'a')
  const digest = async () => (await examineKernel({ kernel, initrd, modules: join(folder, 'm') })).digest
  const digests = [await digest(), await digest()]
  expect(digests[0]).toBe(digests[1])
  put('m/6.9/a.ko', 'b')
  digests.push(await digest())
  put('initrd', 'two')
  digests.push(await digest())
  put('vmlinuz', Buffer.concat([kernelImage('6.9'), Buffer.from('x')]))
  digests.push(await digest())
  expect(new Set(digests).size).toBe(4)
})

test('its image has the root of the flavour, its kernel, and a disk of its modules', async () => {
  const kernel = put('vmlinuz', kernelImage('6.9'))
  const initrd = put('initrd.img', 'one')
  put('m/6.9/modules.dep')
  put('m/6.9/kernel/a.ko', 'module')
  const base: LabImage = {
    kind: 'qemu',
    flavour: 'debian-12',
    hash: 'base',
    folder: join(folder, 'base'),
    kernel: join(folder, 'base/vmlinuz'),
    kernelRelease: '6.1',
    initrd: join(folder, 'base/initrd'),
    root: join(folder, 'base/root.ext4'),
    modules: null,
    commandLine: 'root=/dev/vda',
    systemd: true,
  }
  const target = join(folder, 'mine')
  mkdirSync(target)
  const own = await examineKernel({ kernel, initrd, modules: join(folder, 'm') })
  await buildOwnKernelImage({ run, which }, { folder: target, base, own, initrdModules: [] })
  const image = readImage(target)
  expect(image).toEqual({
    ...base,
    hash: 'mine',
    folder: target,
    kernel: join(target, 'kernel'),
    kernelRelease: '6.9',
    initrd: join(target, 'initrd'),
    modules: join(target, 'modules.ext4'),
  })
  const cat = ['-R', 'cat 6.9/kernel/a.ko', image.modules ?? '']
  expect(execFileSync('debugfs', cat, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toBe(
    'module',
  )
})
