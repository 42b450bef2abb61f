/** From here on the terms of the series that are left out are below 10⁻¹⁷. */
const SERIES_FROM = 15

/** B₂ₖ/(2k) for k = 1 … 7. */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32_760, 1 / 12]

/** B₂ₖ for k = 1 … 7. */
const TRIGAMMA = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6]

/**
 * Returns ψ(x), the derivative of ln Γ(x), x > 0, to 13 digits: M. Abramowitz and I. A. Stegun, Handbook of Mathematical
 * Functions (1964), 6.3.18; small arguments are raised by 6.3.5.
 */
export function digamma(x: number): number {
  check(x)
  let raised = x
  let below = 0
  for (; raised < SERIES_FROM; raised += 1) below += 1 / raised
  const square = 1 / (raised * raised)
  return Math.log(raised) - 0.5 / raised - square * series(DIGAMMA, square) - below
}

/** Returns ψ′(x), x > 0, to 13 digits: Abramowitz and Stegun, 6.4.12 and 6.4.6. */
export function trigamma(x: number): number {
  check(x)
  let raised = x
  let below = 0
  for (; raised < SERIES_FROM; raised += 1) below += 1 / (raised * raised)
  const square = 1 / (raised * raised)
  return 1 / raised + square / 2 + (square / raised) * series(TRIGAMMA, square) + below
}

/**
 * Returns the x with ψ′(x) = y, y > 0. Newton's method on 1/ψ′, which is convex and nearly straight: from ½ + 1/y the
 * steps come from one side and do not pass the root. G. K. Smyth, "Linear models and empirical Bayes methods for
 * assessing differential expression in microarray experiments", Statistical Applications in Genetics and Molecular
 * Biology 3 (2004), appendix.
 */
export function inverseTrigamma(y: number): number {
  if (!(y > 0)) throw new RangeError(`ψ′ has values above 0, not ${y}`)
  // Where the root is near 0, ψ′(x) is 1/x², and where it is large, 1/x, to all digits.
  if (y > 1e14) return 1 / Math.sqrt(y)
  if (y < 1e-14) return 1 / y
  let x = 0.5 + 1 / y
  for (let step = 0; step < 100; step += 1) {
    const value = trigamma(x)
    const by = (value * (1 - value / y)) / tetragamma(x)
    x += by
    if (-by <= 1e-14 * x) break
  }
  return x
}

/** Returns ψ″(x): Abramowitz and Stegun, 6.4.13; it only aims the steps. */
function tetragamma(x: number): number {
  let raised = x
  let below = 0
  for (; raised < SERIES_FROM; raised += 1) below += 2 / raised ** 3
  const square = 1 / (raised * raised)
  return -square - square / raised - square * square * (0.5 - square / 6 + (square * square) / 6) - below
}

function series(coefficients: readonly number[], square: number): number {
  return coefficients.reduceRight((inner, coefficient) => inner * square + coefficient, 0)
}

function check(x: number): void {
  if (!(x > 0)) throw new RangeError(`polygamma functions are taken of arguments above 0, not of ${x}`)
}
