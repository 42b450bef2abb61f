import { expect, test } from 'vitest'
import { cpuModel } from './cpu.ts'

test('a processor has the name that it gives itself', () => {
  const cpuinfo =
    'processor\t: 0\nmodel\t\t: 97\nmodel name\t: AMD EPYC 4344P 8-Core Processor\nstepping\t: 2\n'
  expect(cpuModel(cpuinfo)).toBe('AMD EPYC 4344P 8-Core Processor')
})

test('where the kernel tells numbers alone, as on ARM, it has none', () => {
  expect(cpuModel('processor\t: 0\nCPU implementer\t: 0x41\n')).toBeNull()
})
