/** Two runs that differ in what was declared, and in what was not. */
import { describe, expect, test } from 'vitest'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { compareRuns } from './compare.ts'
import { regressionLines } from './lines.ts'
import { comparisonSentences } from './sentences.ts'
import { undecidedLines } from './undecided.ts'

type Values = Readonly<Record<string, number>>

/** A run whose first configuration is the control; `levels`: seconds of `all` by configuration. */
function runOf(levels: Values, changes: (run: Run) => Partial<Run> = () => ({}), rest: Partial<Sample> = {}) {
  const run = smallRun(Object.keys(levels))
  const samples = Object.entries(levels).flatMap(([configuration, level]) =>
    Array.from({ length: 12 }, (_, round) => {
      const value = level * (1 + round / 1000)
      return smallSample(`${configuration}|`, round, { all: value, sync: value / 10 }, rest)
    }),
  )
  return { run: { ...run, ...changes(run) }, samples }
}

const onHost = (host: Partial<Run['host']>) => (run: Run) => ({ host: { ...run.host, ...host } })
const onDisk = (model: string) => (run: Run) => ({
  host: { ...run.host, disk: { ...run.host.disk, model } },
})
const compare = (
  one: ReturnType<typeof runOf>,
  other: ReturnType<typeof runOf>,
  across: string[],
  thresholds = {},
) => compareRuns(one, other, { thresholds, across })
const texts = (comparison: ReturnType<typeof compareRuns>) =>
  comparisonSentences(comparison).map(({ text }) => text)

describe('a declared difference of the hosts', () => {
  const base = runOf({ bare: 1, overlay2: 2 })

  test('is judged where all else is equal', () => {
    const newer = runOf({ bare: 1, overlay2: 4 }, onHost({ kernel: '6.1.0' }))
    const comparison = compare(base, newer, ['kernel'])
    expect(comparison.across).toEqual([{ part: 'kernel', baseline: '6.12.9-amd64', candidate: '6.1.0' }])
    expect(regressionLines(comparison)).toEqual([expect.stringMatching(/^overlay2 .* 2\.00×/)])
    expect(texts(comparison)).toContain('Declared to differ: kernel (6.12.9-amd64 → 6.1.0).')
  })

  test('does not excuse another: that is named with both values, and nothing is judged until it is declared, too', () => {
    const { tools } = base.run.host
    const newer = runOf(
      { bare: 1, overlay2: 4 },
      onHost({ kernel: '6.1.0', tools: { ...tools, fio: '3.36' }, kernelConfig: { HZ: '1000' } }),
    )
    const comparison = compare(base, newer, ['kernel', 'kernel-config'])
    expect(undecidedLines(comparison)).toEqual([
      'tool:fio differs, too: 3.33 in the baseline, 3.36 in the candidate ' +
        '(declare it: --across kernel,kernel-config,tool:fio).',
    ])
    expect(regressionLines(comparison)).toEqual([])
    for (const tool of ['tool:fio', 'tools']) {
      const whole = compare(base, newer, ['kernel', 'kernel-config', tool])
      expect(whole.incomparableReasons).toEqual([])
      expect(whole.across.map(({ part }) => part)).toEqual(['kernel', 'tool:fio', 'kernel-config'])
      expect(whole.equal).toEqual([])
      expect(regressionLines(whole)).toHaveLength(1)
    }
  })

  test('that is none is said', () => {
    expect(texts(compare(base, base, ['kernel', 'option:fsync']))).toContain(
      'Declared to differ, but equal in both runs: kernel and option:fsync.',
    )
  })

  test('does not excuse other bytes in the images', () => {
    const manifest = (hash: string) => ({ image: { layers: 1, files: 1, bytes: 1, manifest: hash } })
    const one = { ...base, run: { ...base.run, images: manifest('one') } }
    const other = runOf({ bare: 1, overlay2: 2 }, (run) => ({
      ...onHost({ kernel: '6.1.0' })(run),
      images: manifest('other'),
    }))
    expect(undecidedLines(compare(one, other, ['kernel']))).toEqual(['Different bytes in the image image.'])
  })

  test('is named as the way to judge runs that are shown side by side', () => {
    const newer = runOf({ bare: 1, overlay2: 4 }, onHost({ kernel: '6.1.0', node: 'v22.1.0' }))
    expect(texts(compare(base, newer, []))).toContain(
      'bench compare --across kernel,node judges them although they differ in that.',
    )
  })
})

describe('figures of other hardware', () => {
  const base = runOf({ bare: 1, overlay2: 2 })

  test.each([
    ['another disk', 'disk', onDisk('another')],
    ['another processor', 'cpu', onHost({ cpu: { model: 'another', cores: 8, governor: 'ondemand' } })],
    ['an emulated machine', 'machine', onHost({ virtualization: 'emulated CPU (QEMU TCG)' })],
  ])('%s: are judged by the ratios of each run to its own control', (_, part, changes) => {
    const slowDisk = compare(base, runOf({ bare: 3, overlay2: 6 }, changes), [part])
    expect(slowDisk.judgedBy).toBe('ratios')
    expect(regressionLines(slowDisk)).toEqual([])
    expect(undecidedLines(slowDisk)).toEqual([])
    expect(texts(slowDisk)[0]).toMatch(/^2 cells compared.* 1 control whose figures are not compared\./)
    expect(texts(slowDisk).join(' ')).toMatch(
      /Figures of different or emulated hardware are shown, and not compared/,
    )
    const slowDriver = compare(base, runOf({ bare: 3, overlay2: 12 }, changes), [part])
    expect(regressionLines(slowDriver)).toEqual([
      expect.stringMatching(/^overlay2 in scenario, cold cache: all of it ÷ control 2\.00× → 4\.00×, 2\.00×/),
    ])
  })

  test('are judged by exact counters, too: those of the control as well', () => {
    const io = (bytesWritten: number) => ({
      io: { total: { bytesRead: 0, bytesWritten, reads: 0, writes: 1, flushes: 1 } },
    })
    const levels = { bare: 1, overlay2: 2 }
    const more = compare(runOf(levels, undefined, io(1e6)), runOf(levels, onDisk('x'), io(2e6)), ['disk'])
    expect(regressionLines(more)).toHaveLength(2)
  })

  test('a cell without a control is undecided', () => {
    const without = (run: ReturnType<typeof runOf>) => ({
      ...run,
      run: { ...run.run, cells: run.run.cells.map((cell) => ({ ...cell, control: cell.control && 'none' })) },
    })
    const comparison = compare(without(base), without(runOf({ bare: 3, overlay2: 6 }, onDisk('x'))), ['disk'])
    expect(undecidedLines(comparison)).toEqual([
      'no control whose ratio could be compared: overlay2 in scenario, cold cache',
    ])
  })
})

describe('a declared difference of the configurations', () => {
  const AUTO = 'overlay2@ext4'
  const STRICT = 'overlay2@ext4+fsync=strict'
  const configurations = (comparison: ReturnType<typeof compareRuns>) =>
    comparison.cells.map(({ baseline, candidate }) => [
      baseline.cell.configuration,
      candidate.cell.configuration,
    ])

  test('pairs cells that are equal but for an option', () => {
    const comparison = compare(runOf({ bare: 1, [AUTO]: 2 }), runOf({ bare: 1, [STRICT]: 4 }), [
      'option:fsync',
    ])
    expect(configurations(comparison)).toEqual([
      ['bare', 'bare'],
      [AUTO, STRICT],
    ])
    expect(regressionLines(comparison)).toEqual([expect.stringContaining(`${STRICT} in scenario`)])
    expect(comparison.across).toEqual([{ part: 'option:fsync', baseline: AUTO, candidate: STRICT }])
  })

  test('leaves an option that is not declared apart', () => {
    const comparison = compare(runOf({ bare: 1, [AUTO]: 2 }), runOf({ bare: 1, [STRICT]: 4 }), [
      'option:metacopy',
    ])
    expect(configurations(comparison)).toEqual([['bare', 'bare']])
    expect(undecidedLines(comparison)).toEqual([
      `not in the candidate: ${AUTO} in scenario, cold cache`,
      `not in the baseline: ${STRICT} in scenario, cold cache`,
    ])
  })

  test('pairs a labelled configuration with the one without the label, though its control came with it', () => {
    const labelled = runOf({ bare: 1, overlay2: 2, 'overlay2#new': 4 })
    const comparison = compare(runOf({ bare: 1, overlay2: 2 }), labelled, ['label:new'])
    expect(configurations(comparison)).toEqual([
      ['bare', 'bare'],
      ['overlay2', 'overlay2#new'],
    ])
    expect(undecidedLines(comparison)).toEqual([])
    expect(comparison.onlyCandidate).toEqual([])
  })

  test('pairs equals where both runs have both', () => {
    const both = runOf({ bare: 1, [AUTO]: 2, [STRICT]: 4 })
    const comparison = compare(both, both, ['option:fsync'])
    expect(comparison.cells).toHaveLength(3)
    expect(comparison.equal).toEqual(['option:fsync'])
  })
})

describe('a threshold of its own', () => {
  const base = runOf({ bare: 1, overlay2: 2 })
  const slower = runOf({ bare: 1, overlay2: 2.16 })

  test('of a scenario replaces the general one', () => {
    expect(regressionLines(compare(base, slower, [], { threshold: 0.05 }))).toHaveLength(1)
    expect(regressionLines(compare(base, slower, [], { threshold: 0.05, scenario: 0.2 }))).toEqual([])
  })

  test('of a phase lets it be judged beside the headline', () => {
    const comparison = compare(base, slower, [], { threshold: 0.2, 'scenario.sync': 0.05 })
    expect(regressionLines(comparison)).toEqual([
      expect.stringMatching(/^overlay2 in scenario, cold cache: sync 201 ms → 217 ms, 1\.08×/),
    ])
  })
})
