import { describe, expect, it } from 'vitest'
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
