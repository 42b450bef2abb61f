import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findKernel } from './kernel.ts'

const RELEASE = '6.1.0-9-amd64'
let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-kernel-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function put(path: string, content: string | Buffer): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

/** The header of an x86 kernel image: Documentation/arch/x86/boot.rst. */
function kernelImage(release: string): Buffer {
  const image = Buffer.alloc(2048)
  image.write('HdrS', 0x202)
  image.writeUInt16LE(0x200, 0x20e)
  image.write(`${release} (maker) #1`, 0x400)
  return image
}

const refused = (text: string) =>
  expect.objectContaining({ code: 'scenario.no-guest', exitCode: 3, message: expect.stringContaining(text) })

test.each([`boot/vmlinuz-${RELEASE}`, `lib/modules/${RELEASE}/vmlinuz`])(
  'the kernel that runs here: %s',
  async (path) => {
    put(`lib/modules/${RELEASE}/modules.dep`, '')
    const file = put(path, kernelImage(RELEASE))
    await expect(findKernel('auto', RELEASE, folder)).resolves.toEqual({
      file,
      release: RELEASE,
      root: folder,
    })
  },
)

test('a kernel of a package that was unpacked into a folder, with its modules beside it', async () => {
  const file = put('unpacked/boot/vmlinuz', kernelImage(RELEASE))
  await expect(findKernel(file, '1', folder)).rejects.toThrow(refused('modules.dep'))
  put(`unpacked/lib/modules/${RELEASE}/modules.dep`, '')
  await expect(findKernel(file, '1', folder)).resolves.toEqual({
    file,
    release: RELEASE,
    root: join(folder, 'unpacked'),
  })
})

test('without a kernel a host starts no machine: unsupported, with a hint', async () => {
  await expect(findKernel('auto', RELEASE, folder)).rejects.toThrow(refused('the running kernel is not at'))
  await expect(findKernel(join(folder, 'none'), RELEASE, folder)).rejects.toThrow(
    refused('there is no kernel'),
  )
  const file = put('text', 'no kernel at all')
  await expect(findKernel(file, RELEASE, folder)).rejects.toThrow(refused('is no kernel for x86-64'))
})
