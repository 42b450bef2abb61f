import { describe, expect, test } from 'vitest'
import { vmFiles } from './folders.ts'
import type { LabImage } from './image/types.ts'
import { qemuArgs, type QemuMachine } from './qemu/qemu-args.ts'
import { networkArgs, umlArgs } from './uml/uml-args.ts'

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

/** Returns the argument after each `name`. */
function valuesOf(args: readonly string[], name: string): string[] {
  return args.flatMap((word, index) => (args[index - 1] === name ? [word] : []))
}

describe('QEMU', () => {
  const args = qemuArgs(machine)

  test('the root is the first disk, and the others are found by their serials', () => {
    expect(valuesOf(args, '-device').filter((device) => device.startsWith('virtio-blk'))).toEqual([
      'virtio-blk-pci,drive=root',
      'virtio-blk-pci,drive=scratch,serial=bench-scratch',
      'virtio-blk-pci,drive=seed,serial=bench-seed',
    ])
  })

  test('flushes of the root go nowhere, those of the scratch disk reach this machine’s', () => {
    const [root = '', scratch = ''] = valuesOf(args, '-drive')
    expect(root).toContain('cache=unsafe')
    expect(scratch).toContain('cache=none')
    const [, cached = ''] = valuesOf(qemuArgs({ ...machine, directIo: false }), '-drive')
    expect(cached).toContain('cache=writeback')
  })

  test('the image is never written to', () => {
    expect(args.join(' ')).not.toContain(image.root)
    const modules = qemuArgs({ ...machine, image: { ...image, modules: '/cache/m' } })
    expect(valuesOf(modules, '-drive').at(-1)).toMatch(/file=\/cache\/m,.*readonly=on/)
  })

  test('only SSH leads in, from this machine, and nothing leads out', () => {
    expect(valuesOf(args, '-netdev')).toEqual(['user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:40001-:22'])
  })

  test('a comma in a path does not end it', () => {
    const odd = qemuArgs({ ...machine, files: vmFiles('/lab,1/web') })
    expect(valuesOf(odd, '-drive')[0]).toContain('file=/lab,,1/web/root,')
    expect(valuesOf(odd, '-serial')).toEqual(['file:/lab,,1/web/console.log'])
  })

  test('a translated processor has no fast string instructions, a real one is handed on', () => {
    expect(valuesOf(args, '-cpu')).toEqual(['max,-erms,-fsrm'])
    expect(valuesOf(qemuArgs({ ...machine, accelerator: 'kvm' }), '-cpu')).toEqual(['host'])
  })

  test('a kernel without an initrd gets none', () => {
    expect(qemuArgs({ ...machine, image: { ...image, initrd: null } })).not.toContain('-initrd')
  })
})

describe('User-mode Linux', () => {
  const files = vmFiles('/a folder with blanks/web')
  const uml: LabImage = { ...image, kind: 'uml', commandLine: 'root=/dev/ubda init=/init' }

  test('no word holds a blank, since the kernel splits its command line there', () => {
    const args = umlArgs({
      image: { ...uml, modules: '/some cache/modules' },
      files,
      memory: 256 * 1024 ** 2,
    })
    expect(args.filter((word) => /\s/.test(word))).toEqual([])
    expect(args).toEqual(
      expect.arrayContaining(['ubd0=root,base', 'ubd1=scratch', 'ubd2r=seed', 'ubd3r=modules']),
    )
    expect(args.slice(-2)).toEqual(['root=/dev/ubda', 'init=/init'])
    expect(args).toContain('random.trust_cpu=on')
  })

  test('its network is restricted as QEMU’s own', () => {
    expect(networkArgs(40002).join(' ')).toContain('restrict=on,hostfwd=tcp:127.0.0.1:40002-:22')
  })
})
