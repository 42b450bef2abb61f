import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documentOf, escapeMarkdown, gridLines, STEP_SUMMARY_LIMIT } from './markdown.ts'

describe('escapeMarkdown', () => {
  it('takes no text for a column, for emphasis, for a tag or for a line', () => {
    expect(escapeMarkdown('a|b *c* <img> `d`\n  e_f')).toBe('a\\|b \\*c\\* \\<img\\> \\`d\\` e\\_f')
  })

  it('leaves no bare pipe and no line end, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeMarkdown(text)
        expect(escaped).not.toContain('\n')
        // Every special character has its own backslash: nothing but pairs and plain characters is left.
        expect(escaped.replaceAll(/\\[^]/g, '')).not.toMatch(/[|<>`*_]/)
      }),
    )
  })
})

describe('gridLines', () => {
  const columns = [
    { title: 'driver', align: 'left', leaveOut: 0 },
    { title: 'median', align: 'right', leaveOut: 0 },
    { title: 'of device', align: 'right', leaveOut: 0 },
  ] as const

  it('is a table of GitHub’s kind, without the columns that say nothing', () => {
    expect(gridLines({ title: 'Big file | 1 MiB', columns, rows: [['overlay2', '1.40 ms', '–']] })).toEqual([
      '',
      '### Big file \\| 1 MiB',
      '',
      '| driver | median |',
      '| --- | ---: |',
      '| overlay2 | 1.40 ms |',
    ])
  })
})

describe('documentOf', () => {
  it('is all lines where they fit', () => {
    expect(documentOf(['# a', 'b'])).toBe('# a\nb\n')
  })

  it('says when it was cut, never in the middle of a line, and stays within the limit', () => {
    const line = `| ${'µ'.repeat(500)} |`
    const lines = Array.from({ length: 2000 }, () => line)
    const text = documentOf(lines)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(STEP_SUMMARY_LIMIT)
    expect(Buffer.byteLength(text)).toBeGreaterThan(STEP_SUMMARY_LIMIT - 2 * Buffer.byteLength(line))
    const [cut = '', , ...rows] = text.trimEnd().split('\n').toReversed()
    expect(cut).toBe(`_Cut: ${rows.length} of 2000 lines fit a step summary. The whole is in the report._`)
    expect(new Set(rows)).toEqual(new Set([line]))
  })
})
