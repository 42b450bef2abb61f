/** Scenarios that exist for tests of the plan and the runner. */
import { z } from 'zod'
import type { Image } from '../contracts/image.ts'
import type { Scenario } from '../contracts/scenario.ts'
import type { Phase } from '../contracts/phase.ts'
import type { Witness } from '../contracts/witness.ts'
import { choiceOption, formatSize, integerOption, sizeOption } from '../contracts/units.ts'

export const NO_WITNESS: Witness = {
  mechanism: null,
  before: null,
  after: null,
  containerHash: null,
  lowerHash: null,
  bytesChanged: null,
}

const seconds = (id: string): Phase => ({ id, title: id, unit: 's', better: 'lower' })

const writeParams = z.strictObject({
  size: sizeOption('1M', 'how much is written'),
  kind: choiceOption(['new', 'old'], 'old', 'what is written to'),
  layers: integerOption(1, 1, 100, 'layers of the image'),
})
export type WriteParams = z.output<typeof writeParams>

/** `write`: one container that takes `size` bytes; `first` is the sum of `open` and `write`. */
export const writeScenario: Scenario<WriteParams> = {
  meta: {
    id: 'write',
    title: 'A write',
    question: 'What does a write cost?',
    phases: [
      ...['prepare', 'mount', 'open', 'write'].map(seconds),
      { ...seconds('first'), headline: true, sum: ['open', 'write'] },
      ...['umount', 'remove'].map(seconds),
    ],
    phasesOf: ({ kind }) => {
      const all = ['prepare', 'mount', 'open', 'write', 'first', 'umount', 'remove']
      return kind === 'new' ? all.filter((phase) => phase !== 'open') : all
    },
  },
  params: writeParams,
  profiles: {
    quick: [{ size: ['1M', '16M'] }],
    standard: [{ size: ['1M', '16M', '256M'] }, { size: ['16M'], kind: ['new', 'old'] }],
    thorough: [{ size: ['1M', '4G'], layers: ['1', '8'] }],
  },
  label: ({ size }) => formatSize(size),
  subject: ({ size }) => `Writing ${formatSize(size)}`,
  image: ({ layers, size }) => fakeImage(`write-${size}-${layers}`, Array<number>(layers).fill(size)),
  footprint: ({ size }) => ({ changed: size, written: size, containers: 1 }),
  run: () => Promise.reject(new Error('plans only')),
  verify: () => Promise.reject(new Error('plans only')),
}

const readParams = z.strictObject({ size: sizeOption('1M', 'how much is read') })

export const readScenario: Scenario<z.output<typeof readParams>> = {
  meta: {
    id: 'read',
    title: 'A read',
    question: 'What does a read cost?',
    phases: [seconds('read')],
  },
  params: readParams,
  profiles: { quick: [{}], standard: [{}], thorough: [{}] },
  label: ({ size }) => formatSize(size),
  subject: ({ size }) => `Writing ${formatSize(size)}`,
  image: ({ size }) => fakeImage(`read-${size}`, [size]),
  footprint: () => ({ changed: 0, written: 0, containers: 1 }),
  run: () => Promise.reject(new Error('plans only')),
  verify: () => Promise.reject(new Error('plans only')),
}

export function fakeImage(id: string, layers: readonly number[]): Image {
  return { id, layers: layers.map((bytes) => ({ bytes, fill: async () => [] })) }
}

export const fakeScenarios = [writeScenario, readScenario] as readonly unknown[] as readonly Scenario[]
