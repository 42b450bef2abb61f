import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embedJson, embedScript } from './embed.ts'

describe('embedJson', () => {
  it('lets no string end the script element or open a comment', () => {
    const hostile = { '</script><script>alert(1)</script>': '<!-- ]]> \u2028 \u2029' }
    const text = embedJson(hostile)
    expect(text).not.toMatch(/[<\u2028\u2029]/)
    expect(JSON.parse(text)).toEqual(hostile)
  })

  it('means the same, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = embedJson(value)
        expect(text).not.toMatch(/[<\u2028\u2029]/)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

it('embedScript keeps a script from ending its element, and drops the pointer to a source map', () => {
  const source = 'const end = "</script>" // </SCRIPT>\n//# sourceMappingURL=chart.umd.min.js.map\n'
  const embedded = embedScript(source)
  expect(embedded).not.toMatch(/<\/script/i)
  expect(embedded).not.toContain('sourceMappingURL')
  expect(embedded).toContain('"<\\/script>"')
})
