import { expect, it } from 'vitest'
import { configure } from '../testsuite/configuration.ts'
import { btrfs } from './index.ts'

it('refuses to compress what nodatacow keeps from being compressed', () => {
  expect(() => configure(btrfs, 'btrfs', { compress: 'zstd', nodatacow: 'on' })).toThrow(/choose one/)
})
