/** File sizes of an image: log-normal, truncated, with an exact total. */
import { sum } from '../../harness/statistics/moments.ts'
import { normalQuantile } from '../../harness/statistics/normal.ts'

/**
 * The standard deviation of the logarithm of file sizes: N. Agrawal, A. Arpaci-Dusseau, R. Arpaci-Dusseau,
 * "Generating Realistic Impressions for File-System Benchmarking", FAST '09, table of default parameters
 * (log-normal body of file sizes by count: μ = 9.48, σ = 2.46). μ follows from the mean that an image shall have.
 */
export const SIGMA = 2.46

/** No file is larger than this share of its image: a choice, that no single file outweighs all the others. */
export const LARGEST_SHARE = 1 / 8

const BISECTIONS = 60

/**
 * `count` sizes in ascending order whose sum is `total` bytes. The quantiles at (i + ½)/count of the distribution
 * rather than draws from it: with σ = 2.46 the sum of so few draws would be anyone's guess. Then all are scaled
 * until the truncated sizes add up.
 */
export function logNormalSizes(count: number, total: number): number[] {
  const largest = Math.floor(total * LARGEST_SHARE)
  const shape = Array.from({ length: count }, (_, index) =>
    Math.exp(SIGMA * normalQuantile((index + 0.5) / count)),
  )
  const scaled = (scale: number) =>
    shape.map((value) => Math.min(largest, Math.max(1, Math.round(value * scale))))

  let low = 0
  let high = total
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2
    if (sum(scaled(middle)) > total) high = middle
    else low = middle
  }
  const sizes = scaled(low)
  const last = sizes.length - 1
  sizes[last] = (sizes[last] ?? 0) + total - sum(sizes)
  return sizes
}
