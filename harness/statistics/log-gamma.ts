const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2

/** B₂ₖ/(2k(2k − 1)) for k = 1 … 7. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156]

/** From here on the terms of the series that are left out are below 10⁻¹⁷. */
const SERIES_FROM = 15

/**
 * Returns ln Γ(x), x > 0: to 14 digits, or where it is small, between its zeros at 1 and 2, to 10⁻¹⁴.
 *
 * Stirling's series, M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 6.1.41; small arguments
 * are raised by Γ(x + 1) = x·Γ(x), 6.1.15.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ is for arguments above 0, not ${x}`)
  let raised = x
  let product = 1
  for (; raised < SERIES_FROM; raised += 1) product *= raised
  const inverse = 1 / raised
  const series = STIRLING.reduceRight((inner, coefficient) => inner * inverse * inverse + coefficient, 0)
  return (raised - 0.5) * Math.log(raised) - raised + HALF_LOG_TWO_PI + series * inverse - Math.log(product)
}
