/** Random numbers for simulations, the same for the same seed. */
export interface Random {
  /** In (0, 1), never one of the two. */
  uniform(): number
  /** Returns a normal value of mean 0 and variance 1. */
  normal(): number
}

/**
 * xoshiro128**: D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
 * Mathematical Software 47 (2021). Its state is filled from the seed by a generator of another kind, as they advise.
 */
export function randomOf(seed: number): Random {
  const next = splitmix(seed)
  let [a, b, c, d] = [next(), next(), next(), next()]
  const bits = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
  const uniform = () => (bits() + 0.5) / 2 ** 32
  return {
    uniform,
    // G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates" (1958); one of the two.
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function splitmix(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}
