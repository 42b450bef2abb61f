import { describe, expect, it } from 'vitest'
import { normalQuantile } from './normal.ts'
import { generator } from './random.ts'
import { clipOutliers } from './clip-outliers.ts'

const noise = (seed: number, size: number) => {
  const random = generator(seed)
  return Array.from({ length: size }, () => normalQuantile(random() || 0.5))
}

describe('clipOutliers', () => {
  it('moves a single outlier to the noise, and leaves the others', () => {
    const values = noise(1, 50)
    const clipped = clipOutliers(values.with(20, 40))
    expect(clipped[20]).toBeLessThan(8)
    expect(clipped.filter((value, index) => index !== 20 && value !== values[index]).length).toBeLessThan(5)
  })

  it('leaves a change that lasts', () => {
    const values = noise(2, 50).map((value, index) => value / 10 + (index < 30 ? 0 : 10))
    const clipped = clipOutliers(values)
    expect(Math.max(...clipped.slice(0, 30))).toBeLessThan(1)
    expect(Math.min(...clipped.slice(30))).toBeGreaterThan(9)
  })

  it('takes series without scatter, and short ones', () => {
    expect(clipOutliers([3, 3, 3, 3])).toEqual([3, 3, 3, 3])
    expect([clipOutliers([]), clipOutliers([7])]).toEqual([[], [7]])
  })
})
