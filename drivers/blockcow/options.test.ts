import { describe, expect, it } from 'vitest'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { blockcow } from './index.ts'

describe('options', () => {
  it('takes clusters that QEMU takes', () => {
    for (const cluster of ['512', '64K', '2M']) {
      expect(() => configure(blockcow, 'ext4', { mode: 'qcow2', cluster })).not.toThrow()
    }
    for (const cluster of ['256', '48K', '4M']) {
      expect(() => configure(blockcow, 'ext4', { mode: 'qcow2', cluster })).toThrow(/power of two/)
    }
  })

  it('refuses a cluster where there is none', () => {
    expect(() => configure(blockcow, 'ext4', { cluster: '4K' })).toThrow(/mode=qcow2/)
  })
})

it('names the program that is missing', async () => {
  const host = testHost()
  const bereft = { ...host, which: (name: string) => (name === 'qemu-img' ? null : host.which(name)) }
  const support = await blockcow.probe(bereft, configure(blockcow, 'ext4', { mode: 'qcow2' }))
  expect(support).toMatchObject({ ok: false, code: 'host.no-program', reason: 'qemu-img is not installed' })
})
