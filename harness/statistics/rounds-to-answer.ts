import type { ModeratedEstimate } from './moderated.ts'
import { studentTTail } from './student-t.ts'

/** More rounds than this nobody measures for one answer. */
const MOST = 1000

/**
 * Returns about how many rounds it takes in all until a log ratio is shown to differ from 0, or to lie within `logMargin`,
 * whichever comes first, if the estimate and the noise of the rounds so far are right; null where they are unknown, or it
 * takes more than 1000. `alpha`: the level that p has to reach.
 */
export function roundsToAnswer(
  { estimate, standardError, degrees, logRatios }: ModeratedEstimate,
  logMargin: number,
  alpha: number,
): number | null {
  const measured = logRatios.length
  const deviation = standardError * Math.sqrt(measured)
  if (degrees === 0 || !Number.isFinite(deviation)) return null
  const distance = Math.abs(estimate)
  const isEnough = (rounds: number) => {
    const reached = (far: number, sides: number) =>
      far > 0 &&
      sides * studentTTail((far * Math.sqrt(rounds)) / deviation, degrees + rounds - measured) < alpha
    return reached(distance, 2) || reached(logMargin - distance, 1)
  }
  if (!isEnough(MOST)) return null
  let [low, high] = [measured, MOST]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
