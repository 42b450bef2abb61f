/** `bench compare` as a user runs it, on run folders that are written here. */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { acceptedSchema } from '../contracts/accepted.ts'
import { comparisonSchema, gateSchema } from '../contracts/compare.ts'
import type { Run } from '../contracts/run.ts'
import { smallRun } from '../testing/small-run.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { runFolder } from './testing/run-folder.ts'

const gateOf = (folder: string) =>
  gateSchema.strict().parse(JSON.parse(readFileSync(join(folder, 'gate.json'), 'utf8')))
const none: Partial<Run> = {}
const otherKernel = { host: { ...smallRun().host, kernel: '6.12.0' } }

describe('two runs', () => {
  test('that are alike pass the gate, which is kept', async () => {
    using place = makePlace()
    const [baseline, candidate] = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.01)]
    const { code, stdout, stderr } = await benchHere(
      place,
      'compare',
      baseline,
      candidate,
      '--fail-on-regression',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('1 cell compared, threshold 5 %: no regression')
    expect(gateOf(candidate)).toMatchObject({ run: 'run-2', baseline: 'run-1', outcome: 'passed' })
  })

  test('of which the later is slower fail it: exit code 7, and a line for each regression', async () => {
    using place = makePlace()
    const [baseline, candidate] = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    const failed = await benchHere(place, 'compare', baseline, candidate, '--fail-on-regression')
    expect(failed.code).toBe(7)
    expect(failed.stderr).toMatch(
      /^bench: regression: stacker@ext4 in write, 1 MiB: write 10\.0 ms → 20\.1 ms, 2\.00× [^\n]+\n$/,
    )
    expect(gateOf(candidate)).toMatchObject({ outcome: 'failed', threshold: 0.05 })
    const tolerant = ['compare', baseline, candidate, '--threshold', '150%', '--fail-on-regression']
    expect((await benchHere(place, ...tolerant)).code).toBe(0)
    expect(gateOf(candidate)).toMatchObject({ outcome: 'passed', regressions: [], threshold: 1.5 })
  })

  test('are compared without a gate, too: nothing is kept and nothing fails', async () => {
    using place = makePlace()
    const [baseline, candidate] = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    const { code, stdout } = await benchHere(place, 'compare', baseline, candidate)
    expect(code).toBe(0)
    expect(stdout).toMatch(/\nregression: stacker@ext4 in write/)
    expect(existsSync(join(candidate, 'gate.json'))).toBe(false)
  })

  test('of different kernels are shown side by side, and not judged', async () => {
    using place = makePlace()
    const [baseline, candidate] = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02, otherKernel)]
    const { code, stdout, stderr } = await benchHere(
      place,
      'compare',
      baseline,
      candidate,
      '--fail-on-regression',
    )
    expect(code).toBe(8)
    expect(stdout).toContain('Different kernels: 6.1.0 and 6.12.0.')
    expect(stdout).toMatch(/stacker@ext4 +10\.0 ms .* 20\.1 ms/)
    expect(stdout).not.toMatch(/regression/)
    const undecided = ['Different kernels: 6.1.0 and 6.12.0.']
    expect(stderr).toBe(`bench: undecided: ${undecided[0]}\n`)
    expect(gateOf(candidate)).toMatchObject({ baseline: 'run-1', outcome: 'undecided', undecided })
  })

  test('of different seeds are not compared: another seed makes other bytes', async () => {
    using place = makePlace()
    const { cells, options } = smallRun()
    const otherSeed: Partial<Run> = {
      options: { ...options, seed: 2 },
      cells: cells.map((cell) => ({ ...cell, image: 'write-2' })),
      images: { 'write-2': { layers: 1, files: 1, bytes: 1024, manifest: 'ef56' } },
    }
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02, otherSeed)]
    const { code, stdout, stderr } = await benchHere(place, 'compare', ...runs, '--fail-on-regression')
    const reason = 'Different bytes in the image write-2, whose seeds are 1 and 2.'
    expect({ code, stderr }).toEqual({ code: 8, stderr: `bench: undecided: ${reason}\n` })
    expect(stdout).toContain(reason)
    expect(stdout).not.toMatch(/regression/)
    const { stdout: json } = await benchHere(place, 'compare', ...runs, '--json')
    expect(comparisonSchema.parse(JSON.parse(json))).toMatchObject({
      comparable: false,
      differences: [reason],
      rows: [{ ratio: null, verdict: null }],
    })
  })

  test('of different kernels are judged where that is declared', async () => {
    using place = makePlace()
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02, otherKernel)]
    const across = ['compare', ...runs, '--across', 'kernel']
    expect((await benchHere(place, ...across, '--fail-on-regression')).code).toBe(7)
    expect(gateOf(runs[1] ?? '')).toMatchObject({ outcome: 'failed', across: ['kernel'] })
    const { stdout } = await benchHere(place, ...across, '--json')
    expect(comparisonSchema.strict().parse(JSON.parse(stdout))).toMatchObject({
      across: [{ part: 'kernel', baseline: '6.1.0', candidate: '6.12.0' }],
      judgedBy: 'figures',
      rows: [{ gate: 'failed' }],
    })
  })

  test('are judged by the thresholds of the candidate, which the command line replaces key by key', async () => {
    using place = makePlace()
    const options = { ...smallRun().options, gate: { threshold: 0.01, write: 1.5 } }
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02, { options })]
    const gate = ['compare', ...runs, '--fail-on-regression']
    expect((await benchHere(place, ...gate)).code).toBe(0)
    expect((await benchHere(place, ...gate, '--threshold', 'write=20%')).code).toBe(7)
    expect(gateOf(runs[1] ?? '').thresholds).toEqual({ threshold: 0.01, write: 0.2 })
  })

  test('are JSON, Markdown and a page, as is asked for', async () => {
    using place = makePlace()
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    const page = await benchHere(place, 'compare', ...runs, '--output', place.at('page.html'))
    const json = await benchHere(place, 'compare', ...runs, '--json')
    const markdown = await benchHere(place, 'compare', ...runs, '--markdown')
    const printed = comparisonSchema.strict().parse(JSON.parse(json.stdout))
    expect(printed).toMatchObject({ comparable: true, regressions: [expect.stringContaining('stacker')] })
    expect(printed.rows).toMatchObject([{ configuration: 'stacker@ext4', verdict: 'regression' }])
    expect(markdown.stdout).toMatch(/^## Storage driver benchmark: two runs compared\n/)
    expect(page.stdout.trimEnd().split('\n').at(-1)).toBe(place.at('page.html'))
    expect(readFileSync(place.at('page.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })
})

describe('--history', () => {
  test('takes the last good run of the same fingerprint, and none whose gate failed', async () => {
    using place = makePlace()
    for (const day of [1, 2]) runFolder(place, day, 0.01)
    runFolder(place, 3, 0.01, otherKernel)
    const history = ['--history', place.output, '--fail-on-regression']
    const slower = runFolder(place, 4, 0.02)
    expect((await benchHere(place, 'compare', slower, ...history)).code).toBe(7)
    // As slow as the night before: compared with that night, nothing would be worse.
    const still = runFolder(place, 5, 0.02)
    expect((await benchHere(place, 'compare', ...history, still)).code).toBe(7)
    expect(gateOf(still)).toMatchObject({ baseline: 'run-2', outcome: 'failed' })
  })

  test('takes a run whose gate failed where it is accepted, and says why', async () => {
    using place = makePlace()
    runFolder(place, 1, 0.01)
    const history = ['--history', place.output, '--fail-on-regression']
    const slower = runFolder(place, 2, 0.02)
    expect((await benchHere(place, 'compare', slower, ...history)).code).toBe(7)
    const { code, stdout } = await benchHere(place, 'accept', slower, '--because', ' durable now ')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'run-2 is accepted as a baseline: durable now\n' })
    const accepted: unknown = JSON.parse(readFileSync(join(slower, 'accepted.json'), 'utf8'))
    expect(acceptedSchema.strict().parse(accepted)).toMatchObject({ run: 'run-2', outcome: 'failed' })
    const next = await benchHere(place, 'compare', runFolder(place, 3, 0.02), ...history)
    expect(next.code).toBe(0)
    expect(next.stdout).toMatch(/The baseline run-2 was accepted as a baseline on \S+: durable now/)
    const report = await benchHere(place, 'report', slower)
    expect(report.stdout).toMatch(/This run was accepted as a baseline on \S+: durable now/)
  })

  test.each<[string, Partial<Run>, number, RegExp]>([
    ['was interrupted', { state: 'interrupted' }, 10, /run-1 cannot be a baseline: it is interrupted/],
    ['lacks samples', none, 2, /run-1 cannot be a baseline: too few rounds to tell: stacker/],
  ])('takes no run that %s: it cannot be accepted', async (_, changes, rounds, message) => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01, changes, rounds)
    const { code, stderr } = await benchHere(place, 'accept', folder, '--because', 'why not')
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(existsSync(join(folder, 'accepted.json'))).toBe(false)
  })

  test('across a kernel takes the last good run of any kernel', async () => {
    using place = makePlace()
    runFolder(place, 1, 0.01)
    const upgraded = runFolder(place, 2, 0.02, otherKernel)
    const history = [
      'compare',
      upgraded,
      '--history',
      place.output,
      '--across',
      'kernel',
      '--fail-on-regression',
    ]
    expect((await benchHere(place, ...history)).code).toBe(7)
    expect(gateOf(upgraded)).toMatchObject({ baseline: 'run-1', outcome: 'failed' })
  })

  test('without such a run says so, and records the first of its fingerprint', async () => {
    using place = makePlace()
    runFolder(place, 1, 0.01, otherKernel)
    const candidate = runFolder(place, 2, 0.01)
    const history = ['compare', '--history', place.output, candidate]
    const { code, stdout, stderr } = await benchHere(place, ...history, '--fail-on-regression')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^There is no earlier good run of the fingerprint .* of run-2: it is the first\.\n$/,
    )
    expect(stderr).toBe('bench: run-2 is the first of its fingerprint\n')
    expect(gateOf(candidate)).toMatchObject({ baseline: null, outcome: 'first' })
    const { stdout: json } = await benchHere(place, ...history, '--json')
    expect(comparisonSchema.parse(JSON.parse(json))).toMatchObject({
      baseline: null,
      comparable: false,
      rows: [],
    })
  })
})

const GATE = '--fail-on-regression'

describe('a gate that was given nothing to judge by', () => {
  const otherCell = { cells: smallRun().cells.map((cell) => ({ ...cell, id: 'other' })) }
  const both = { cells: [...smallRun().cells, ...otherCell.cells] }
  const unsupported = { state: 'unsupported' as const, code: 'x', reason: 'no module', hint: '' }
  const notSupported = { outcomes: { [smallRun().cells[0]?.id ?? '']: unsupported } }

  test.each<[string, [Partial<Run>, number], [Partial<Run>, number], RegExp]>([
    [
      'no samples in the candidate',
      [none, 10],
      [none, 0],
      /no samples in the candidate: stacker@ext4 in wri/,
    ],
    [
      'no samples in the baseline',
      [none, 0],
      [none, 10],
      /no samples in the baseline: stacker@ext4 in write/,
    ],
    ['no samples at all', [none, 0], [none, 0], /no samples: stacker@ext4 in write, 1 MiB$/],
    ['too few rounds', [none, 10], [none, 2], /too few rounds to tell: stacker@ext4 in write, 1 MiB$/],
    [
      'a cell that the candidate lacks',
      [both, 10],
      [none, 10],
      /not in the candidate: stacker@ext4 in write/,
    ],
    [
      'a cell that the baseline lacks',
      [none, 10],
      [both, 10],
      /not in the baseline: stacker@ext4 in write, 1/,
    ],
    ['nothing that is supported', [notSupported, 0], [notSupported, 0], /no cell was measured$/],
  ])('is undecided, with exit code 8: %s', async (_, baseline, candidate, reason) => {
    using place = makePlace()
    const folders = [runFolder(place, 1, 0.01, ...baseline), runFolder(place, 2, 0.01, ...candidate)] as const
    const { code, stdout, stderr } = await benchHere(place, 'compare', ...folders, GATE)
    expect(code).toBe(8)
    expect(stderr.trimEnd()).toMatch(/^bench: undecided: [^\n]+$/)
    expect(stderr.trimEnd()).toMatch(reason)
    expect(stdout).toContain('Undecided: not every cell could be judged.')
    expect(gateOf(folders[1])).toMatchObject({
      outcome: 'undecided',
      undecided: [expect.stringMatching(reason)],
    })
  })

  test('is no baseline, and hides nothing from the next one', async () => {
    using place = makePlace()
    const history = ['compare', '--history', place.output, GATE]
    runFolder(place, 1, 0.01)
    expect((await benchHere(place, ...history, runFolder(place, 2, 0.01, none, 0))).code).toBe(8)
    const slower = runFolder(place, 3, 0.5)
    expect((await benchHere(place, ...history, slower)).code).toBe(7)
    expect(gateOf(slower)).toMatchObject({ baseline: 'run-1', outcome: 'failed' })
  })

  test.each([
    ['without samples', 0],
    ['with too few rounds to judge another by', 4],
  ])('is no baseline either where nobody asked a gate: a run %s', async (_, rounds) => {
    using place = makePlace()
    const history = ['compare', '--history', place.output, GATE]
    runFolder(place, 1, 0.01)
    runFolder(place, 2, 0.01, none, rounds)
    const slower = runFolder(place, 3, 0.5)
    expect((await benchHere(place, ...history, slower)).code).toBe(7)
    expect(gateOf(slower)).toMatchObject({ baseline: 'run-1' })
  })

  test('is not the first of its fingerprint', async () => {
    using place = makePlace()
    const candidate = runFolder(place, 1, 0.01, none, 0)
    const { code, stderr } = await benchHere(place, 'compare', '--history', place.output, GATE, candidate)
    expect({ code, stderr }).toEqual({
      code: 8,
      stderr: 'bench: undecided: no samples: stacker@ext4 in write, 1 MiB\n',
    })
    expect(gateOf(candidate)).toMatchObject({ baseline: null, outcome: 'undecided' })
  })
})

const pair = (place: Place, changes: Partial<Run> = {}) => [
  runFolder(place, 1, 0.01),
  runFolder(place, 2, 0.01, changes),
]
const otherCells = { cells: smallRun().cells.map((cell) => ({ ...cell, id: 'other' })) }

/** Returns a pair whose candidate was measured in other cells. */
function withoutCommonCells(place: Place): string[] {
  const [baseline = '', candidate = ''] = pair(place, otherCells)
  writeFileSync(join(candidate, 'samples.ndjson'), '')
  return ['compare', baseline, candidate]
}

const REFUSALS: readonly Refusal[] = [
  ['of nothing', 'compare', /missing required argument 'runs'/],
  ['of one run', (place) => ['compare', runFolder(place, 1, 1)], /expected two runs, got 1: give/],
  ['of three runs', 'compare a b c', /expected two runs, got 3/],
  ['of two runs with a history', 'compare a b --history /var', /expected one run with --history, got 2/],
  [
    'with what is no folder',
    (place) => ['compare', runFolder(place, 1, 1), '/etc/passwd'],
    /not a run folder/,
  ],
  ['with another schema', (place) => ['compare', ...pair(place, { schema: 99 as 3 })], /has schema 99/],
  ['of runs without a common cell', withoutCommonCells, /no cell is in both .*run-1 and .*run-2/],
  [
    'with a history that is missing',
    (place) => ['compare', runFolder(place, 1, 1), '--history', '/nowhere'],
    /--history \/nowhere cannot be read/,
  ],
  ['with a threshold without a unit', 'compare a b --threshold 5', /--threshold: 5 is not a percentage/],
  [
    'with a threshold above the largest',
    'compare a b --threshold 1001%',
    /--threshold: 1001% is not a percentage above 0% and up to 1000%: write 3%/,
  ],
  [
    'with a threshold of what is not there',
    (place) => ['compare', ...pair(place), '--threshold', 'wrte=5%'],
    /--threshold: there is nothing to compare by the name wrte: did you mean write\?/,
  ],
  [
    'across what is no part',
    'compare a b --across kernl',
    /--across kernl: there is no such part: did you mean kernel\?/,
  ],
  [
    'across an option in a history',
    (place) => ['compare', runFolder(place, 1, 1), '--history', '/var', '--across', 'option:x'],
    /--across option:x cannot be given with --history/,
  ],
  [
    'and accepted without a reason',
    (place) => ['accept', runFolder(place, 1, 1), '--because', ' '],
    /--because is empty: say what changed/,
  ],
  [
    'with a confirmation without a gate',
    (place) => ['compare', ...pair(place), '--confirm', '5'],
    /--confirm requires --fail-on-regression/,
  ],
  ['in two forms', 'compare a b --json --markdown', /--json and --markdown both print/],
  ['of a report in two forms', 'report a --json --markdown', /--json and --markdown both print the report/],
  [
    'to a page that cannot be written',
    (place) => ['compare', ...pair(place), '--output', '/nowhere/page.html'],
    /--output \/nowhere\/page\.html: .*ENOENT/,
  ],
]

describe('a comparison', () => {
  test.each(named(REFUSALS))('%s is refused', (_, refusal) => expectRefusal(refusal))
})

describe('bench report', () => {
  test('--markdown prints a run as Markdown and nothing else, and draws its page', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    const { code, stdout, stderr } = await benchHere(place, 'report', folder, '--markdown')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^## Storage driver benchmark\n\nDebian 12, Linux 6\.1\.0/)
    expect(stdout).toMatch(/\n\| stacker@ext4 \| 10\.0 ms \|/)
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
  })

  test('--json prints the rows of a run and nothing else, and draws its page', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    const { code, stdout, stderr } = await benchHere(place, 'report', folder, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      run: folder,
      rows: [{ configuration: 'stacker@ext4', state: 'completed', median: expect.closeTo(0.01, 3) }],
    })
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
  })

  test('of a fleet draws its page and those of its hosts', async () => {
    using place = makePlace()
    const run = runFolder(place, 1, 0.01)
    const fleet = place.at('output')
    const host = (name: string, state: string) => ({
      name,
      address: `root@${name}:22`,
      state,
      job: null,
      exitCode: null,
      reason: state === 'completed' ? null : 'no answer',
      hint: null,
      seconds: { connect: 0.5 },
    })
    const hosts = [host('one', 'completed'), host('two', 'unreachable')]
    const about = { schema: 1, id: 'fleet', state: 'completed', command: 'bench run', request: {}, hosts }
    const times = { startedAt: '2026-01-01T00:00:00Z', endedAt: null }
    writeFileSync(join(fleet, 'fleet.json'), JSON.stringify({ ...about, ...times }))
    const own = join(fleet, 'hosts/one')
    mkdirSync(own, { recursive: true })
    for (const name of ['run.json', 'samples.ndjson']) {
      writeFileSync(join(own, name), readFileSync(join(run, name)))
    }
    const { code, stdout } = await benchHere(place, 'report', fleet)
    expect(code).toBe(0)
    expect(stdout).toMatch(/two +unreachable/)
    expect(dirname(stdout.trimEnd().split('\n').at(-1) ?? '')).toBe(fleet)
    expect(readFileSync(join(fleet, 'report.html'), 'utf8')).toContain('href="hosts/one/report.html"')
    expect(existsSync(join(own, 'report.html'))).toBe(true)
  })
})

describe('a report that is drawn again', () => {
  test('writes through no link that lies in the run folder', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    writeFileSync(place.at('precious'), 'precious')
    symlinkSync(place.at('precious'), join(folder, 'report.html'))
    symlinkSync(place.at('precious'), join(folder, 'report.html.tmp'))
    expect((await benchHere(place, 'report', folder)).code).toBe(0)
    expect(readFileSync(place.at('precious'), 'utf8')).toBe('precious')
    expect(lstatSync(join(folder, 'report.html')).isFile()).toBe(true)
  })
})
