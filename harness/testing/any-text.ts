import fc from 'fast-check'

/**
 * Makes text of any code point, half surrogate pairs included. fast-check's own unit `binary` leaves those out, and takes a
 * second to be made.
 */
export function anyText(): fc.Arbitrary<string> {
  const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code))
  return fc.string({ unit: character })
}
