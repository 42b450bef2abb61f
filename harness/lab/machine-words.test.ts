import { describe, expect, test } from 'vitest'
import { vmFiles } from './folders.ts'
import type { LabImage } from './image/types.ts'
import { qemuWords, type QemuMachine } from './qemu/machine-words.ts'
import { networkWords, umlWords } from './uml/machine-words.ts'

const image: LabImage = {
  kind: 'qemu',
  flavour: 'debian-12',
  hash: 'ab12',
  folder: '/cache/ab12',
  kernel: '/cache/ab12/vmlinuz',
  kernelRelease: '6.1.0',
  initrd: '/cache/ab12/initrd',
  root: '/cache/ab12/root.ext4',
  modules: null,
  commandLine: 'root=/dev/vda rw',
  systemd: true,
}

const machine: QemuMachine = {
  name: 'web',
  image,
  files: vmFiles('/lab/vms/web'),
  accelerator: 'tcg',
  memory: 1024 ** 3,
  cpus: 2,
  port: 40001,
  directIo: true,
}

/** The words that follow each `name`. */
function valuesOf(words: readonly string[], name: string): string[] {
  return words.flatMap((word, index) => (words[index - 1] === name ? [word] : []))
}

describe('QEMU', () => {
  const words = qemuWords(machine)

  test('the root is the first disk, and the others are found by their serials', () => {
    expect(valuesOf(words, '-device').filter((device) => device.startsWith('virtio-blk'))).toEqual([
      'virtio-blk-pci,drive=root',
      'virtio-blk-pci,drive=scratch,serial=bench-scratch',
      'virtio-blk-pci,drive=seed,serial=bench-seed',
    ])
  })

  test('flushes of the root go nowhere, those of the scratch disk reach this machine’s', () => {
    const [root = '', scratch = ''] = valuesOf(words, '-drive')
    expect(root).toContain('cache=unsafe')
    expect(scratch).toContain('cache=none')
    const [, cached = ''] = valuesOf(qemuWords({ ...machine, directIo: false }), '-drive')
    expect(cached).toContain('cache=writeback')
  })

  test('the image is never written to', () => {
    expect(words.join(' ')).not.toContain(image.root)
    const modules = qemuWords({ ...machine, image: { ...image, modules: '/cache/m' } })
    expect(valuesOf(modules, '-drive').at(-1)).toMatch(/file=\/cache\/m,.*readonly=on/)
  })

  test('only SSH leads in, from this machine, and nothing leads out', () => {
    expect(valuesOf(words, '-netdev')).toEqual(['user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:40001-:22'])
  })

  test('a comma in a path does not end it', () => {
    const odd = qemuWords({ ...machine, files: vmFiles('/lab,1/web') })
    expect(valuesOf(odd, '-drive')[0]).toContain('file=/lab,,1/web/root,')
    expect(valuesOf(odd, '-serial')).toEqual(['file:/lab,,1/web/console.log'])
  })

  test('a translated processor has no fast string instructions, a real one is handed on', () => {
    expect(valuesOf(words, '-cpu')).toEqual(['max,-erms,-fsrm'])
    expect(valuesOf(qemuWords({ ...machine, accelerator: 'kvm' }), '-cpu')).toEqual(['host'])
  })

  test('a kernel without an initrd gets none', () => {
    expect(qemuWords({ ...machine, image: { ...image, initrd: null } })).not.toContain('-initrd')
  })
})

describe('User-mode Linux', () => {
  const files = vmFiles('/a folder with blanks/web')
  const uml: LabImage = { ...image, kind: 'uml', commandLine: 'root=/dev/ubda init=/init' }

  test('no word holds a blank, since the kernel splits its command line there', () => {
    const words = umlWords({
      image: { ...uml, modules: '/some cache/modules' },
      files,
      memory: 256 * 1024 ** 2,
    })
    expect(words.filter((word) => /\s/.test(word))).toEqual([])
    expect(words).toEqual(
      expect.arrayContaining(['ubd0=root,base', 'ubd1=scratch', 'ubd2r=seed', 'ubd3r=modules']),
    )
    expect(words.slice(-2)).toEqual(['root=/dev/ubda', 'init=/init'])
  })

  test('its network is restricted as QEMU’s own', () => {
    expect(networkWords(40002).join(' ')).toContain('restrict=on,hostfwd=tcp:127.0.0.1:40002-:22')
  })
})
