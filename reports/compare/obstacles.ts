import type { Run } from '../../harness/contracts/run.ts'
import { type Difference, differenceSentences } from './fingerprints.ts'
import { joinList } from '../format/format.ts'

/**
 * Why the figures of two runs say nothing of each other: other hosts, other bytes in the images, another kind of
 * scratch. A sentence each; empty where they can be compared.
 */
export function obstaclesBetween(
  baseline: Run,
  candidate: Run,
  differences: readonly Difference[],
): string[] {
  return [
    ...fingerprintObstacles(baseline, candidate, differences),
    ...imageObstacles(baseline, candidate),
    ...scratchObstacles(baseline, candidate),
  ]
}

function fingerprintObstacles(baseline: Run, candidate: Run, differences: readonly Difference[]): string[] {
  if (baseline.host.hash === candidate.host.hash) return []
  const told = differenceSentences(differences)
  return told.length > 0 ? told : ['Different fingerprints.']
}

/** An image is known by the hash of its manifest: another seed, or another version of the dataset, makes another. */
function imageObstacles(baseline: Run, candidate: Run): string[] {
  const others = Object.entries(candidate.images)
    .filter(([id, { manifest }]) => (baseline.images[id]?.manifest ?? manifest) !== manifest)
    .map(([id]) => id)
  return others.length === 0 ? [] : [`Different bytes in the image ${joinList(others)}.`]
}

function scratchObstacles(baseline: Run, candidate: Run): string[] {
  const [one, other] = [baseline.options.scratch.kind, candidate.options.scratch.kind]
  return one === other ? [] : [`Different kinds of scratch: ${one} and ${other}.`]
}
