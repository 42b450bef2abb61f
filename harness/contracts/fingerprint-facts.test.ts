import { expect, test } from 'vitest'
import type { Fingerprint } from './fingerprint.ts'
import { fingerprintHash, isSameHost } from './fingerprint-facts.ts'

const FACTS: Omit<Fingerprint, 'hash'> = {
  kernel: '6.1.0',
  distribution: 'Debian 12',
  virtualization: 'bare metal',
  cpu: { model: 'A CPU', cores: 8, governor: 'performance' },
  memoryBytes: 64 * 1024 ** 3,
  disk: {
    device: '/dev/sda',
    model: 'A disk',
    rotational: false,
    scheduler: 'none',
    queueDepth: 64,
    writeCache: 'write back',
    filesystem: 'ext4',
    mountOptions: 'rw',
  },
  kernelConfig: { HZ: '250', OVERLAY_FS: 'm' },
  tools: { fio: '3.33' },
  bench: '1.2.3',
  measuring: 1,
  node: 'v20.11.0',
}

const host = (change: Partial<typeof FACTS>): Fingerprint => ({ hash: 'any', ...FACTS, ...change })

test.for<[string, Partial<typeof FACTS>]>([
  ['the name of the device', { disk: { ...FACTS.disk, device: '/dev/sdb' } }],
  ['memory that the kernel reserved', { memoryBytes: FACTS.memoryBytes - 12_345_678 }],
  ['the distribution', { distribution: 'Debian 12.1' }],
  ['another version of the program that measures the same', { bench: '1.3.0' }],
  ["Node's minor version", { node: 'v20.20.2' }],
  ['the order of the options', { kernelConfig: { OVERLAY_FS: 'm', HZ: '250' } }],
])('%s does not forbid a comparison', ([, change]) => {
  expect(fingerprintHash({ ...FACTS, ...change })).toBe(fingerprintHash(FACTS))
  expect(isSameHost(host(change), host({}))).toBe(true)
})

test.for<[string, Partial<typeof FACTS>]>([
  ['another kernel', { kernel: '6.12.0' }],
  ['another machine', { virtualization: 'KVM, microVM' }],
  ['another governor', { cpu: { ...FACTS.cpu, governor: 'powersave' } }],
  ['less memory', { memoryBytes: FACTS.memoryBytes / 2 }],
  ['another scheduler', { disk: { ...FACTS.disk, scheduler: 'bfq' } }],
  ['another mount option', { disk: { ...FACTS.disk, mountOptions: 'rw,discard' } }],
  ['another kernel option', { kernelConfig: { ...FACTS.kernelConfig, HZ: '1000' } }],
  ['another fio', { tools: { fio: '3.36' } }],
  ['another version of what is measured', { measuring: 2 }],
  ["another of Node's major versions", { node: 'v22.0.0' }],
])('%s forbids a comparison', ([, change]) => {
  expect(fingerprintHash({ ...FACTS, ...change })).not.toBe(fingerprintHash(FACTS))
  expect(isSameHost(host(change), host({}))).toBe(false)
})
