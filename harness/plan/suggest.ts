import leven from 'leven'

/** `did you mean overlay2?` for a mistyped word, or null where nothing is near. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Infinity
  for (const candidate of candidates) {
    const distance = leven(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  // As many changes as there are letters make any word of any other: no is not near on.
  const tolerated = Math.min(Math.max(2, Math.ceil(word.length / 3)), word.length - 1)
  return bestDistance <= tolerated ? best : null
}

/** Returns the hint of an error about an unknown word: the nearest one where there is one, then all of them. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates)
  const all = `known: ${candidates.join(', ')}`
  return near === null ? all : `did you mean ${near}? (${all})`
}
