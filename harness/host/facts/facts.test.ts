import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { activeScheduler, allOptions, readDisk } from './disk.ts'
import { readKernelConfig, relevantOptions } from './kernel-config.ts'
import { versionIn } from './tools.ts'
import { virtualizationOf } from './virtualization.ts'

describe('the kernel configuration', () => {
  test('keeps what bears on a measurement, unquoted, and leaves out what is not set', () => {
    const text = [
      'CONFIG_HZ=250',
      'CONFIG_HZ_250=y',
      'CONFIG_OVERLAY_FS=m',
      '# CONFIG_OVERLAY_FS_METACOPY is not set',
      'CONFIG_DM_THIN_PROVISIONING=m',
      'CONFIG_BLK_DEV_DM=m',
      'CONFIG_BLK_DEV_DM_BUILTIN=y',
      'CONFIG_EXT4_FS="y"',
      'CONFIG_SOUND=y',
    ].join('\n')
    expect(relevantOptions(text)).toEqual({
      HZ: '250',
      OVERLAY_FS: 'm',
      DM_THIN_PROVISIONING: 'm',
      BLK_DEV_DM: 'm',
      EXT4_FS: 'y',
    })
  })

  test('is no error where the kernel does not tell it', () => {
    const config = readKernelConfig('0.0.0-none')
    expect(Object.keys(config).every((name) => /^vulnerability\/|^[A-Z0-9_]+$/.test(name))).toBe(true)
  })
})

describe('the disk', () => {
  test('has the options of the mount and of the file system, each once', () => {
    const options = { mountOptions: 'rw,noatime', superOptions: 'rw,attr2' }
    expect(allOptions(options)).toBe('rw,noatime,attr2')
  })

  test('of a folder that is not there yet is that of the nearest one that is', () => {
    const here = import.meta.dirname
    expect(readDisk(path.join(here, 'not/yet'))).toEqual(readDisk(here))
    expect(readDisk(here).filesystem).toMatch(/^[a-z0-9.]+$/)
  })

  test.for([
    ['none [mq-deadline] kyber', 'mq-deadline'],
    ['none', 'none'],
    [null, null],
  ] as const)('scheduler %s is %s', ([text, scheduler]) => {
    expect(activeScheduler(text)).toBe(scheduler)
  })
})

describe('the kind of machine', () => {
  const guest = 'vendor_id : GenuineIntel\nflags : fpu hypervisor\n'
  const cases = [
    [{ cpuinfo: 'flags : fpu\n', hypervisor: null, machine: 'Dell R750' }, 'bare metal'],
    [{ cpuinfo: 'Features : fp\n', hypervisor: null, machine: null }, null],
    [{ cpuinfo: guest, hypervisor: 'KVM', machine: 'QEMU Standard PC' }, 'KVM, QEMU Standard PC'],
    [{ cpuinfo: guest, hypervisor: 'KVM', machine: null }, 'KVM, microVM'],
    [{ cpuinfo: guest, hypervisor: null, machine: null }, 'unknown hypervisor, microVM'],
    [
      { cpuinfo: `model name : QEMU TCG CPU version 2.5+\n${guest}`, hypervisor: null, machine: 'QEMU' },
      'emulated CPU (QEMU TCG)',
    ],
    [{ cpuinfo: guest, hypervisor: 'TCGTCGTCGTCG', machine: 'QEMU' }, 'emulated CPU (QEMU TCG)'],
    [{ cpuinfo: 'vendor_id\t: User Mode Linux\n', hypervisor: null, machine: null }, 'User-mode Linux'],
  ] as const
  test.for(cases)('of %o is %s', ([facts, kind]) => {
    expect(virtualizationOf(facts)).toBe(kind)
  })
})

describe('versions', () => {
  test.for([
    ['fio', 'fio-3.33\n', '3.33'],
    ['runc', 'runc version 1.1.5+ds1\ncommit: 1.1.5\n', '1.1.5+ds1'],
    ['mkfs.ext4', 'mke2fs 1.47.0 (5-Feb-2023)\n', '1.47.0'],
    ['fuse-overlayfs', 'fusermount3 version: 3.14.0\nfuse-overlayfs: version 1.10\n', '1.10'],
    ['qemu-storage-daemon', 'qemu-storage-daemon version 7.2.22 (Debian 1:7.2+dfsg-7)\n', '7.2.22'],
    ['crun', 'usage: crun\n', null],
  ] as const)('%s says %j: %s', ([program, text, version]) => {
    expect(versionIn(text, program)).toBe(version)
  })
})
