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
  return (raised - 0.5) * Math.log(raised) - raised + HALF_LOG_TWO_PI + stirling(raised) - Math.log(product)
}

/**
 * Returns ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), a and b > 0, to 13 digits. Where one is large, the difference of
 * the two large logarithms is taken term by term, since it would lose their common digits.
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b)
  let raised = Math.max(a, b)
  // Γ(x)/Γ(x + b) = Γ(x + 1)/Γ(x + 1 + b) · (x + b)/x.
  let product = 1
  for (; raised < SERIES_FROM; raised += 1) product *= (raised + small) / raised
  const both = raised + small
  const growth = (raised - 0.5) * Math.log1p(small / raised) + small * Math.log(both) - small
  return logGamma(small) + Math.log(product) - growth - (stirling(both) - stirling(raised))
}

/** Returns what Stirling's formula lacks, for arguments from {@link SERIES_FROM} on. */
function stirling(x: number): number {
  const inverse = 1 / x
  return inverse * STIRLING.reduceRight((inner, coefficient) => inner * inverse * inverse + coefficient, 0)
}
