import { describe, expect, it } from 'vitest'
import { isEmulated } from '../format/host-line.ts'
import { differencesBetween, differenceSentences } from './fingerprints.ts'
import { fixtureRun } from '../testing/fixture-run.ts'

const { host } = fixtureRun({ scenarios: [] }).run

describe('differencesBetween', () => {
  it('says nothing of hosts that are alike', () => {
    expect(differencesBetween([host, { ...host, memoryBytes: host.memoryBytes - 4096 }])).toEqual([])
  })

  it('has each fact that differs, with what it is on each host', () => {
    const other = {
      ...host,
      kernel: '6.1.0-44-amd64',
      cpu: { ...host.cpu, governor: null },
      tools: { ...host.tools, fio: '3.35' },
      kernelConfig: { CONFIG_OVERLAY_FS: 'm' },
    }
    const told = differencesBetween([host, other, host]).map(({ name, values }) => [name, ...values])
    expect(told).toEqual([
      ['Kernel', '6.12.9-amd64', '6.1.0-44-amd64', '6.12.9-amd64'],
      ['Frequency governor', 'ondemand', '–', 'ondemand'],
      ['fio', '3.33', '3.35', '3.33'],
      ['CONFIG_OVERLAY_FS', 'y', 'm', 'y'],
      ['CONFIG_BTRFS_FS', 'm', '–', 'm'],
      ['CONFIG_BLK_DEV_DM', 'not set', '–', 'not set'],
    ])
  })
})

describe('differenceSentences', () => {
  it('begins with the kernels, and names no value twice', () => {
    const other = { ...host, kernel: '6.1.0-44-amd64' }
    expect(differenceSentences(differencesBetween([host, other, host]))).toEqual([
      'Different kernels: 6.12.9-amd64 and 6.1.0-44-amd64.',
    ])
  })

  it('names without their values what comes after the first few', () => {
    const other = { ...host, kernel: 'x', virtualization: 'x', tools: {}, measuring: 9 }
    const sentences = differenceSentences(differencesBetween([host, other]))
    expect(sentences).toHaveLength(5)
    expect(sentences.at(-1)).toBe('Different, too: runc, mkfs.xfs and btrfs.')
  })

  it('counts the last of many: two kernels differ in dozens of options', () => {
    const kernelConfig = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`OPTION_${index}`, 'y']),
    )
    const other = { ...host, kernelConfig: { ...host.kernelConfig, ...kernelConfig } }
    const last = differenceSentences(differencesBetween([host, other])).at(-1)
    expect(last).toMatch(/^Different, too: OPTION_4, .*, OPTION_11 and 18 more\.$/)
  })

  it('takes no notice of what does not bear on what is measured', () => {
    const other = { ...host, distribution: 'x', disk: { ...host.disk, device: '/dev/sdb' } }
    expect(differenceSentences(differencesBetween([host, other]))).toEqual([])
  })
})

it.each([
  ['emulated CPU (QEMU TCG)', true],
  ['qemu-tcg', true],
  ['User-mode Linux', true],
  ['KVM, QEMU Standard PC', false],
  ['bare metal', false],
  [null, false],
])('%s is emulated: %s', (virtualization, emulated) => {
  expect(isEmulated({ ...host, virtualization })).toBe(emulated)
})
