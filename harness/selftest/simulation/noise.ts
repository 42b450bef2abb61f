import { normalQuantile } from '../../statistics/normal.ts'
import type { Random } from './random.ts'

/** Distributions that a log ratio of two cells may have. The median of each is 0. */
export interface Noise {
  title: string
  draw(random: Random): number
}

export const NORMAL: Noise = { title: 'normal', draw: (random) => random.normal() }

/** Skewed to the right, as durations are. */
export const LOGNORMAL: Noise = { title: 'lognormal', draw: (random) => Math.expm1(random.normal()) }

/** Student's t: its variance is infinite. Z / √(χ²₂ / 2), and χ²₂ / 2 is exponential. */
export const HEAVY_TAILED: Noise = {
  title: 't, 2 degrees of freedom',
  draw: (random) => random.normal() / Math.sqrt(-Math.log(random.uniform())),
}

/** One in ten is disturbed. */
export const CONTAMINATED: Noise = {
  title: 'normal, 10 % ten times wider',
  draw: (random) => random.normal() * (random.uniform() < 0.1 ? 10 : 1),
}

const SLOW_SHARE = 0.3
const MEDIAN_OF_TWO_MODES = normalQuantile(0.5 / (1 - SLOW_SHARE))

/** The median lies in the lower group, since the upper one is out of its reach. */
export const TWO_MODES: Noise = {
  title: '30 % in a second mode',
  draw: (random) => random.normal() + (random.uniform() < SLOW_SHARE ? 20 : 0) - MEDIAN_OF_TWO_MODES,
}

/** Both cells of a round scatter in the same skewed way: then the log ratio is symmetric. */
export const LOGNORMAL_PAIR: Noise = {
  title: 'lognormal less lognormal',
  draw: (random) => LOGNORMAL.draw(random) - LOGNORMAL.draw(random),
}

export const NOISES: readonly Noise[] = [
  NORMAL,
  LOGNORMAL,
  LOGNORMAL_PAIR,
  HEAVY_TAILED,
  CONTAMINATED,
  TWO_MODES,
]

/** Symmetric distributions, as the null hypothesis of the signed-rank test assumes. */
export const SYMMETRIC: readonly Noise[] = [NORMAL, LOGNORMAL_PAIR, HEAVY_TAILED, CONTAMINATED]

/** Distributions with one mode. */
export const UNIMODAL: readonly Noise[] = NOISES.filter((noise) => noise !== TWO_MODES)
