import { describe, expect, it } from 'vitest'
import { LARGEST_SHARE, logNormalSizes, SIGMA } from './sizes.ts'
import { imageProfiles, planTree } from './tree.ts'

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

describe('log-normal sizes', () => {
  it.each(Object.entries(imageProfiles))(
    'of the %s image add up and keep their shape',
    (_, { files, bytes }) => {
      const sizes = logNormalSizes(files, bytes)
      expect(sizes).toHaveLength(files)
      expect(sum(sizes)).toBe(bytes)
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(bytes * LARGEST_SHARE + files)

      const logs = sizes.map(Math.log)
      const mean = sum(logs) / files
      const deviation = Math.sqrt(sum(logs.map((value) => (value - mean) ** 2)) / files)
      expect(deviation).toBeGreaterThan(SIGMA * 0.95)
      expect(deviation).toBeLessThan(SIGMA * 1.05)
    },
  )

  it('have the quantiles of the log-normal distribution, not those of a probit of two digits', () => {
    const { files, bytes } = imageProfiles.large
    const sizes = logNormalSizes(files, bytes)
    const [middle = 0, high = 0] = [sizes[files / 2], sizes[files * 0.975]]
    // SciPy: ppf(19500.5/20000) − ppf(10000.5/20000). Rounding to bytes moves it by less than 0.0001.
    expect(Math.abs(Math.log(high / middle) / SIGMA - 1.960_329_25)).toBeLessThan(1e-4)
  })

  it('has a median far below its mean', () => {
    const { files, bytes } = imageProfiles.small
    const median = logNormalSizes(files, bytes)[files / 2] ?? 0
    expect(median).toBeLessThan(bytes / files / 5)
  })
})

describe('tree', () => {
  it.each([1, 2, 8, 120])(
    'of %i layers holds every file once and replaces only what lies below',
    (layers) => {
      const tree = planTree(imageProfiles.small, layers, 1)
      expect(tree).toHaveLength(imageProfiles.small.files)
      expect(sum(tree.map((file) => file.size))).toBe(imageProfiles.small.bytes)
      expect(new Set(tree.map((file) => file.path)).size).toBe(tree.length)
      expect(new Set(tree.map((file) => file.layer)).size).toBe(layers)
      for (const { layer } of tree) expect(layer).toBeLessThan(layers)
      const replaced = tree.filter(({ replacedIn }) => replacedIn !== null)
      for (const { layer, replacedIn } of replaced) {
        expect(replacedIn).toBeGreaterThan(layer)
        expect(replacedIn).toBeLessThan(layers)
      }
      const [least, most] = layers === 1 ? [0, 0] : [tree.length * 0.08, tree.length]
      expect(replaced.length).toBeGreaterThanOrEqual(least)
      expect(replaced.length).toBeLessThanOrEqual(most)
    },
  )

  it('is the same for the same seed, and another for another', () => {
    const tree = planTree(imageProfiles.small, 8, 1)
    expect(planTree(imageProfiles.small, 8, 1)).toEqual(tree)
    expect(planTree(imageProfiles.small, 8, 2)).not.toEqual(tree)
  })
})
