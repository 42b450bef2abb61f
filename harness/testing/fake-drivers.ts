/** Drivers that exist for tests of the plan and the runner: three roles, every kind of option, no kernel. */
import { z } from 'zod'
import type { Driver, DriverMeta } from '../contracts/driver.ts'
import { choiceOption, integerOption, sizeOption, switchOption } from '../contracts/units.ts'

/** Returns a driver of which nothing but `meta` is used, unless a test gives it more. */
export function fakeDriver<Options>(
  meta: Pick<DriverMeta<Options>, 'id' | 'backings' | 'options'> & Partial<DriverMeta<Options>>,
  methods: Partial<Pick<Driver<Options>, 'probe' | 'open'>> = {},
): Driver<Options> {
  return {
    meta: {
      title: meta.id,
      summary: 'for tests',
      cowUnit: 'file',
      emulated: false,
      role: 'driver',
      showcase: [meta.id],
      needs: {},
      spaceNeeded: (_, layers, containers, changed) =>
        layers.reduce((sum, bytes) => sum + bytes, 0) + containers * changed,
      ...meta,
    },
    probe: methods.probe ?? (async () => ({ ok: true })),
    open: methods.open ?? (() => Promise.reject(new Error(`${meta.id} opens nothing`))),
  }
}

export const plain = fakeDriver({
  id: 'plain',
  role: 'control',
  cowUnit: 'none',
  backings: ['ext4', 'xfs'],
  options: z.strictObject({}),
  showcase: [],
})

export const stacker = fakeDriver({
  id: 'stacker',
  backings: ['ext4', 'xfs', 'btrfs'],
  options: z.strictObject({
    mode: choiceOption(['fast', 'safe'], 'fast', 'how it works'),
    chunk: sizeOption('64K', 'what it copies at once'),
    sync: switchOption(false, 'whether it waits'),
    depth: integerOption(2, 1, 9, 'how deep'),
  }),
  showcase: ['stacker@ext4', 'stacker@xfs+sync=on'],
})

export const solo = fakeDriver({
  id: 'solo',
  backings: ['btrfs'],
  options: z.strictObject({}),
})

/** The stacker through an engine. It is not among the others. */
export const engineStacker = fakeDriver({
  id: 'engine:stacker',
  engine: {
    name: 'engine',
    withoutEngine: ({ backing }) => (backing === 'btrfs' ? null : `stacker@${backing}`),
  },
  backings: ['ext4', 'xfs', 'btrfs'],
  options: z.strictObject({}),
  showcase: ['engine:stacker@xfs'],
})

export const fakeDrivers: readonly Driver[] = [
  plain,
  stacker,
  solo,
] as readonly unknown[] as readonly Driver[]
