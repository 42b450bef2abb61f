/** Two ways of doing the same thing, in turn. */
import { pairedRatio, type ByRound, type PairedRatio } from '../../statistics/paired-ratio.ts'
import { median } from '../../statistics/quantile.ts'

/** Values by pair: seconds, or a rate. */
export interface Pairs {
  harness: ByRound
  reference: ByRound
}

/** Alternates which side goes first, so that the after-effects of one do not always hit the other. */
export async function inTurn(
  pairs: number,
  harness: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Pairs> {
  const values = { harness: new Map<number, number>(), reference: new Map<number, number>() }
  for (let pair = 0; pair < pairs; pair += 1) {
    const both = [
      async () => values.harness.set(pair, await harness()),
      async () => values.reference.set(pair, await reference()),
    ]
    for (const one of pair % 2 === 0 ? both : both.toReversed()) await one()
  }
  return values
}

export function ratioOf({ harness, reference }: Pairs): PairedRatio | null {
  return pairedRatio(harness, reference)
}

/** `1.012 (0.998–1.027)`. */
export function ratioText(ratio: Pick<PairedRatio, 'ratio' | 'low' | 'high'> | null): string {
  if (ratio === null) return 'unknown'
  const { low, high } = ratio
  return `${ratio.ratio.toFixed(3)} (${low?.toFixed(3) ?? '?'}–${high?.toFixed(3) ?? '?'})`
}

/** `3.214 ms`. */
export function millisecondsText(values: Iterable<number>): string {
  return `${((median([...values]) ?? Number.NaN) * 1000).toFixed(3)} ms`
}
