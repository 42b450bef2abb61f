import { differingImages, type Run } from '../../harness/contracts/run.ts'
import { type Difference, differenceSentences } from './fingerprints.ts'
import { joinList } from '../format/format.ts'

/**
 * Returns the reasons why two runs cannot be compared, a sentence each: different hosts, different bytes in the images,
 * different kinds of scratch. Empty if they can.
 */
export function findIncomparableReasons(
  baseline: Run,
  candidate: Run,
  differences: readonly Difference[],
): string[] {
  return [
    ...differenceSentences(differences),
    ...imageReasons(baseline, candidate),
    ...scratchReasons(baseline, candidate),
  ]
}

/** Images named in a sentence at most. */
const MOST_IMAGES = 3

function imageReasons(baseline: Run, candidate: Run): string[] {
  const images = differingImages(baseline, candidate)
  if (images.length === 0) return []
  const rest = images.length - MOST_IMAGES
  const named = rest > 0 ? [...images.slice(0, MOST_IMAGES), `${rest} more`] : images
  const [one, other] = [baseline.options.seed, candidate.options.seed]
  const why = one === other ? '' : `, whose seeds are ${one} and ${other}`
  return [`Different bytes in the image ${joinList(named)}${why}.`]
}

function scratchReasons(baseline: Run, candidate: Run): string[] {
  const [one, other] = [baseline.options.scratch.kind, candidate.options.scratch.kind]
  return one === other ? [] : [`Different kinds of scratch: ${one} and ${other}.`]
}
