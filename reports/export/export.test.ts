import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EXPORT_FORMATS, type ExportFormatName, type ExportSource } from '../../harness/contracts/export.ts'
import type { Gate } from '../../harness/contracts/compare.ts'
import type { Run } from '../../harness/contracts/run.ts'
import { anyText } from '../../harness/testing/any-text.ts'
import { fixturePair } from '../testing/fixture-pair.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { exportRuns } from './export.ts'

const FORMATS = Object.keys(EXPORT_FORMATS) as ExportFormatName[]
const { baseline, candidate } = fixturePair({ rounds: 5 })
const PAIR: ExportSource[] = [baseline, candidate].map((run) => ({ ...run, gate: null }))
const LAST: ExportSource[] = PAIR.slice(1)

/** Texts of the same sources: most tests look at those of {@link PAIR} and {@link LAST}. */
const texts = new WeakMap<readonly ExportSource[], Map<ExportFormatName, string>>()

function textOf(sources: readonly ExportSource[], format: ExportFormatName): string {
  const known = texts.get(sources) ?? new Map<ExportFormatName, string>()
  const text = known.get(format) ?? exportRuns(sources, format).text
  texts.set(sources, known.set(format, text))
  return text
}

/** A run of a control and a driver in three rounds; `values`: seconds of the headline. */
function small(
  values: readonly number[],
  rest: Partial<ExportSource> = {},
  run: Partial<Run> = {},
): ExportSource {
  const made = { ...smallRun(['bare', 'overlay2'], [{ size: '1M' }]), ...run }
  const samples = values.flatMap((value, round) => [
    smallSample('bare|1M', round, { open: 0, all: 1 }),
    smallSample('overlay2|1M', round, { open: 0, all: value }, counted(100)),
  ])
  return { run: made, samples, gate: null, ...rest }
}

const counted = (bytesWritten: number) => ({
  io: { total: { bytesRead: 0, bytesWritten, reads: 0, writes: 1, flushes: 2 } },
})

const gateOf = (rest: Partial<Gate>): Gate => ({
  schema: 1,
  run: 'run',
  baseline: 'before',
  threshold: 0.05,
  outcome: 'passed',
  regressions: [],
  undecided: [],
  ...rest,
})

describe('every format', () => {
  it.each(FORMATS)('%s is the same twice, and ends with one line end', (format) => {
    const text = textOf(LAST, format)
    expect(exportRuns(LAST, format).text).toBe(text)
    expect(text).toMatch(/[^\n]\n$/)
  })

  it.each(FORMATS)('%s has no NaN, undefined or Infinity', (format) => {
    expect(textOf(LAST, format)).not.toMatch(/\b(?:NaN|undefined|Infinity)\b/)
  })

  it.each(FORMATS)('%s takes a run without any sample', (format) => {
    expect(() => textOf([small([])], format)).not.toThrow()
  })

  it('says which lines of a run could not be read', () => {
    const warnings = [{ code: 'results.torn-line', message: 'the last line has no end' }]
    const { notes } = exportRuns([small([2, 2, 2], {}, { warnings })], 'csv')
    expect(notes).toEqual([expect.stringContaining('the last line has no end')])
  })
})

describe('benchstat', () => {
  const LINE = /^Benchmark[A-Z0-9][^\s]* 1(?: \S+ \S+)+$/
  const lines = (sources: readonly ExportSource[]) => textOf(sources, 'benchstat').split('\n')

  it('holds unit lines, facts, and a line a sample', () => {
    for (const line of lines(PAIR).filter((one) => one !== '')) {
      const isFact = /^[a-z][^\sA-Z:]*: \S/.test(line)
      const isUnit = /^Unit \S+ better=(?:lower|higher) assume=(?:exact|nothing)$/.test(line)
      expect(isFact || isUnit || LINE.test(line), line).toBe(true)
    }
    const samples = lines(LAST).filter((line) => line.startsWith('Benchmark'))
    const completed = [...candidate.samples].filter(({ state }) => state === 'completed')
    expect(samples).toHaveLength(completed.length)
  })

  it('assumes that a counter is exact where every cell has one number in all samples', () => {
    expect(lines([small([2, 3, 4])])).toContain('Unit bytes-written-B/op better=lower assume=exact')
    expect(lines([small([2, 3, 4])])).toContain('Unit all-sec/op better=lower assume=nothing')
    const varies = small([2, 3, 4])
    const samples = [...varies.samples, smallSample('overlay2|1M', 3, { all: 2 }, counted(101))]
    expect(lines([{ ...varies, samples }])).toContain('Unit bytes-written-B/op better=lower assume=nothing')
  })

  it('pairs the ratio to the control with the sample of its round', () => {
    const found = lines([small([2, 3, 4])]).filter((line) => line.includes('=overlay2/'))
    expect(found.map((line) => / (\S+) ratio-to-control/.exec(line)?.[1])).toEqual(['2', '3', '4'])
  })

  it('escapes what would end a name, and ends no name in a number', () => {
    const run = smallRun(['bare', 'a b/c-8'], [{ size: '1M' }])
    const samples = [smallSample('a b/c-8|1M', 0, { all: 1 })]
    const [line] = lines([{ run, samples, gate: null }]).filter((one) => one.startsWith('Benchmark'))
    expect(line).toMatch(/^BenchmarkScenario\/configuration=a%20b%2Fc-8\/size=1M\/cache=cold 1 /)
  })
})

describe('bencher', () => {
  const schema = z.record(
    z.string().min(1).max(1024),
    z.array(
      z.strictObject({
        parameters: z
          .record(z.string().min(1).max(64), z.string().min(1).max(64))
          .refine((all) => Object.keys(all).length <= 8),
        measures: z.record(
          z.string().min(1).max(64),
          z.record(z.string(), z.number()).refine((all) => 'value' in all && Object.keys(all).length <= 8),
        ),
      }),
    ),
  )
  const parse = (source: ExportSource) => schema.parse(JSON.parse(textOf([source], 'bencher')))

  it('keeps the limits of Bencher', () => {
    for (const source of LAST)
      expect(Object.keys(parse(source))).toEqual(['bigfile', 'smallwrites', 'startup'])
  })

  it('moves parameters beyond them into the name', () => {
    const params = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`key${index}`, 'x'.repeat(70)]),
    )
    const run = smallRun(['bare', 'overlay2'], [params])
    const samples = run.cells.map(({ id }) => smallSample(id, 0, { all: 1 }))
    const names = Object.keys(parse({ run, samples, gate: null }))
    expect(names).toHaveLength(2)
    expect(names[1]).toMatch(/^scenario overlay2 key0=x{70},/)
  })
})

describe('github-action-benchmark', () => {
  const schema = z.array(
    z.strictObject({
      name: z.string(),
      unit: z.string(),
      value: z.number(),
      range: z.string().optional(),
      extra: z.string(),
    }),
  )

  it('holds one direction a file, and names the other', () => {
    const [smaller, bigger] = (['github-action-benchmark', 'github-action-benchmark-bigger'] as const).map(
      (format) => exportRuns(LAST, format),
    )
    const units = (text = '') => new Set(schema.parse(JSON.parse(text)).map(({ unit }) => unit))
    expect(units(smaller?.text)).toEqual(new Set(['s', '×', 'bytes', 'count']))
    expect(units(bigger?.text)).toEqual(new Set(['iops', '×']))
    expect(smaller?.notes).toEqual([expect.stringMatching(/^\d+ measures of which more is better: /)])
    expect(bigger?.notes).toEqual([expect.stringMatching(/^\d+ measures of which less is better: /)])
  })
})

describe('Apache Otava', () => {
  const later = {
    ...small([3, 3, 3]),
    run: { ...small([]).run, id: 'later', startedAt: '2026-02-05T00:00:00.000Z' },
  }

  it('has a line a run in the order of time', () => {
    const [header, ...lines] = textOf([later, small([2, 2, 2])], 'otava-csv')
      .trim()
      .split('\n')
    expect(header).toMatch(/^time,run,fingerprint,kernel,bench,scenario\/size=1M\/cold\/bare\/all,/)
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['2026-01-31', '2026-02-05'])
  })

  it('leaves a series out of its JSON that not every run has, since it would be shifted', () => {
    const without = { ...later, samples: [...later.samples].filter(({ cell }) => cell.startsWith('bare')) }
    const { text, notes } = exportRuns([small([2, 2, 2]), without], 'otava-json')
    const entries = z
      .array(
        z.strictObject({
          timestamp: z.number().int(),
          metrics: z.array(z.strictObject({ name: z.string(), value: z.number() })),
          attributes: z.record(z.string(), z.string()),
        }),
      )
      .parse(JSON.parse(text))
    expect(entries.map(({ metrics }) => metrics.map(({ name }) => name))).toEqual([
      ['scenario/size=1M/cold/bare/all'],
      ['scenario/size=1M/cold/bare/all'],
    ])
    expect(notes).toContainEqual(expect.stringContaining('left out: not every run has them'))
    expect(exportRuns([small([2, 2, 2]), without], 'otava-csv').notes).toContainEqual(
      expect.stringContaining('empty fields, which Otava refuses'),
    )
  })

  it('notes runs of several fingerprints', () => {
    const host = { ...later.run.host, hash: 'other' }
    const { notes } = exportRuns([small([2, 2]), { ...later, run: { ...later.run, host } }], 'otava-json')
    expect(notes).toContainEqual(expect.stringContaining('2 fingerprints'))
  })
})

describe('Prometheus', () => {
  const SAMPLE = /^(?<name>[a-z_]+)(?<labels>\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (?:[-+.\de]+)$/

  it('has a HELP and a TYPE before the samples of a family, no timestamp, and no sample twice', () => {
    const families = textOf(LAST, 'prometheus').split(/^(?=# HELP )/m)
    const samples = families.flatMap((family) => {
      const [, name = ''] = /^# HELP (\S+) /.exec(family) ?? []
      const [, type, ...lines] = family.trimEnd().split('\n')
      expect(type).toBe(`# TYPE ${name} gauge`)
      for (const line of lines) expect(SAMPLE.exec(line)?.groups?.['name'], line).toBe(name)
      return [name, ...lines.map((line) => `sample ${line.slice(0, line.lastIndexOf(' '))}`)]
    })
    expect(new Set(samples).size).toBe(samples.length)
  })

  it('has every metric that the dashboard of the documentation asks for', () => {
    const path = fileURLToPath(new URL('../../docs/grafana-dashboard.json', import.meta.url))
    const asked = readFileSync(path, 'utf8').match(/\bbench_[a-z_]+/g) ?? []
    const gate = gateOf({})
    const exported = textOf([{ ...baseline, gate }], 'prometheus')
    expect(asked.length).toBeGreaterThan(5)
    for (const name of new Set(asked)) expect(exported).toContain(`# TYPE ${name} gauge`)
  })

  it('escapes labels', () => {
    const run = { ...small([]).run, id: 'a"b\\c\nd' }
    expect(textOf([{ ...small([2, 2]), run }], 'prometheus')).toContain('run="a\\"b\\\\c\\nd"')
  })
})

describe('JUnit', () => {
  const caseOf = (gate: Gate | null, values = [2, 2, 2]) => {
    const text = textOf([small(values, { gate })], 'junit')
    const [, found = ''] =
      /name="overlay2 in scenario, 1M, cold cache"(\/>|>[^]*?<\/testcase>)/.exec(text) ?? []
    return found
  }
  const CELL = 'overlay2 in scenario, 1M, cold cache'
  const OTHER = 'bare in scenario, 1M, cold cache'

  it.each<[string, Gate | null, RegExp]>([
    ['is skipped without a gate', null, /<skipped message="no gate has judged/],
    ['is skipped in a first run', gateOf({ outcome: 'first' }), /<skipped message="the first run/],
    ['passes', gateOf({}), /^\/>$/],
    [
      'fails',
      gateOf({ outcome: 'failed', regressions: [`${CELL}: slower`] }),
      /<failure message="[^"]*: slower"/,
    ],
    [
      'passes beside another that fails',
      gateOf({ outcome: 'failed', regressions: [`${OTHER}: x`] }),
      /^\/>$/,
    ],
    [
      'is undecided',
      gateOf({ outcome: 'undecided', undecided: [`too few: ${CELL}`] }),
      /<error message="undecided/,
    ],
    ['passes beside one', gateOf({ outcome: 'undecided', undecided: [`too few: ${OTHER}`] }), /^\/>$/],
    [
      'is undecided where it may be one of several',
      gateOf({ outcome: 'undecided', undecided: [`too few: ${OTHER} and 1 more cell`] }),
      /<error message="undecided/,
    ],
    [
      'is undecided where the runs cannot be compared',
      gateOf({ outcome: 'undecided', undecided: ['Different kernels: 6.1.0 and 6.12.0.'] }),
      /<error message="undecided: Different kernels/,
    ],
  ])('a case %s', (_, gate, form) => {
    expect(caseOf(gate)).toMatch(form)
  })

  it('counts its cases, and nests its elements', () => {
    const text = textOf(PAIR, 'junit')
    let nested = text.replace(/^<\?.*\?>/, '')
    for (let before = ''; before !== nested;) {
      before = nested
      nested = nested.replaceAll(/<([a-z]+)(?: [^<>]*)?(?:\/>|>[^<>]*<\/\1>)/g, '')
    }
    expect(nested.trim()).toBe('')
    for (const [, tests] of text.matchAll(/tests="(\d+)"/g)) expect(Number(tests)).toBe(60)
  })

  it('holds no character that XML has no place for', () => {
    fc.assert(
      fc.property(anyText(), (id) => {
        const text = textOf([{ ...small([2, 2]), run: { ...small([]).run, id } }], 'junit')
        // oxlint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
        expect(text.match(/<testsuite /g)).toHaveLength(1)
      }),
      { numRuns: 30 },
    )
  })
})

describe('CSV', () => {
  it('has equally many fields in each line, one value a line, and a line for a cell without any', () => {
    const lines = textOf(LAST, 'csv').trimEnd().split('\n')
    const fields = (line: string) => line.match(/(?:^|,)(?:"(?:[^"]|"")*"|[^",]*)/g)?.length
    expect(new Set(lines.map(fields))).toEqual(new Set([15]))
    expect(lines.filter((line) => line.includes(',unsupported,'))).toHaveLength(6)
  })
})

describe('Conbench', () => {
  it('has the values of a measure in their order, in a unit that it knows', () => {
    const results = JSON.parse(textOf([small([2, 3, 4])], 'conbench')) as {
      tags: Record<string, string>
      stats?: { data: number[]; unit: string }
    }[]
    const found = results.find(
      ({ tags }) => tags['configuration'] === 'overlay2' && tags['measure'] === 'all',
    )
    expect(found).toMatchObject({
      tags: { name: 'scenario', size: '1M' },
      stats: { data: [2, 3, 4], unit: 's' },
    })
    expect(new Set(results.map(({ stats }) => stats?.unit))).toEqual(new Set(['s', 'B']))
  })

  it('reports a cell that failed as an error', () => {
    const made = small([])
    const outcomes = {
      'bare|1M': { state: 'failed', code: 'x', reason: 'it broke', hint: '' } as const,
      'overlay2|1M': { state: 'completed' } as const,
    }
    const results = JSON.parse(textOf([{ ...made, run: { ...made.run, outcomes } }], 'conbench')) as object[]
    expect(results).toMatchObject([{ error: { state: 'failed', reason: 'it broke' } }])
  })
})
