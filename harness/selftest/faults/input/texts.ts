/** Texts and values that a program does not expect. */
import fc from 'fast-check'
import { anyText } from '../../../testing/any-text.ts'

const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  '-',
  '--',
  '.',
  '..',
  '/',
  '../../../outside',
  '/outside/x',
  '~/x',
  '$(touch /outside)',
  '`touch /outside`',
  '\u001B[2J\u001B]0;title\u0007',
  '\u009B31m',
  '\u202Eevil\u2066',
  '<img src=x onerror=alert(1)>',
  '| a | b |\n| --- | --- |',
  '\r\n\r\n',
  '\uFEFFx',
  '\uD800',
  '__proto__',
  'constructor',
  'x'.repeat(70_000),
  '{{this}}',
  '%s%n',
  'null',
  'NO',
]

const ODD_NUMBERS = [
  '-1',
  '0',
  '1e309',
  '5e-324',
  '0x10',
  'NaN',
  '-0',
  '1_000',
  '9'.repeat(400),
  '1.5',
  '٣',
  '1e9',
  '4096P',
  '-1M',
]

/** Makes a text: an odd one, an odd number, or any. */
export const oddText = (): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...ODD_TEXTS), fc.constantFrom(...ODD_NUMBERS), anyText())

/** Makes a value of JSON, numbers at their limits among them. */
export const oddValue = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    oddText(),
    fc.constantFrom(null, true, 0, -0, -1, 5e-324, 1.7e308, 2 ** 53, [], {}, [[]], [null], {
      __proto__: null,
    }),
    fc.double({ noNaN: true }),
    fc.jsonValue({ maxDepth: 3 }),
  )

/** Makes a change of a text's bytes: cut, doubled, overwritten or with something put in. */
export const oddChange = (): fc.Arbitrary<(text: string) => string> =>
  fc
    .tuple(
      fc.constantFrom('cut', 'put', 'drop', 'twice'),
      fc.double({ min: 0, max: 1, noNaN: true }),
      oddText(),
    )
    .map(([how, where, odd]) => (text: string) => {
      const at = Math.floor(where * text.length)
      if (how === 'cut') return text.slice(0, at)
      if (how === 'twice') return text + text.slice(at)
      return text.slice(0, at) + (how === 'put' ? odd : '') + text.slice(how === 'drop' ? at + 5 : at)
    })

/** Returns a copy of plain data in which the value that `choose` picks is another. */
export function replaced(data: unknown, choose: number, value: unknown): unknown {
  const paths: (string | number)[][] = []
  const walk = (node: unknown, path: (string | number)[]) => {
    if (path.length > 0) paths.push(path)
    if (typeof node !== 'object' || node === null) return
    for (const [key, child] of Object.entries(node))
      walk(child, [...path, Array.isArray(node) ? Number(key) : key])
  }
  walk(data, [])
  const path = paths[Math.floor(choose * paths.length)] ?? []
  return replaceAt(data, path, value)
}

function replaceAt(node: unknown, [key, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (key === undefined) return value
  const child = (node as Record<string | number, unknown>)[key]
  const next = replaceAt(child, rest, value)
  return Array.isArray(node) ? node.with(Number(key), next) : { ...(node as object), [key]: next }
}
