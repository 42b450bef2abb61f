import { type Random, randomOf } from './random.ts'

/** Number of draws that leaves a standard error of half a percent for a share near 0.95. */
export const DRAWS = 2000

/** Share of draws in which something happens. */
export function shareOf(seed: number, happens: (random: Random) => boolean, draws = DRAWS): number {
  const random = randomOf(seed)
  let count = 0
  for (let draw = 0; draw < draws; draw += 1) {
    if (happens(random)) count += 1
  }
  return count / draws
}

/** The results of all draws. */
export function drawsOf<T>(seed: number, draw: (random: Random) => T, draws = DRAWS): T[] {
  const random = randomOf(seed)
  return Array.from({ length: draws }, () => draw(random))
}
