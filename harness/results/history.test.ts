import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gate } from '../contracts/compare.ts'
import type { Run } from '../contracts/run.ts'
import { smallRun } from '../testing/small-run.ts'
import { isKeptOut, writeGate } from './gate.ts'
import { goodRunsBefore } from './history.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-history-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** A run of some day of January in a folder of its own; returns the folder. */
function runOf(day: number, changes: Partial<Run> = {}): string {
  const folder = join(directory, `day-${day}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...on(day), ...changes }))
  writeFileSync(join(folder, 'samples.ndjson'), '')
  return folder
}

const on = (day: number): Run => ({
  ...smallRun(),
  id: `run-${day}`,
  startedAt: `2026-01-0${day}T00:00:00.000Z`,
})
const gate = (outcome: Gate['outcome']): Gate => ({
  schema: 1,
  run: 'run',
  baseline: null,
  threshold: 0.05,
  outcome,
  regressions: [],
})
const found = () => goodRunsBefore(directory, on(9))[0]?.run.id

describe('goodRunsBefore', () => {
  it('begins with the last one before the candidate, which is not its own baseline', () => {
    for (const day of [4, 2, 9]) runOf(day)
    expect(found()).toBe('run-4')
    expect(goodRunsBefore(directory, on(3))[0]?.folder).toBe(join(directory, 'day-2'))
  })

  it('is none in an empty folder, and none of what is no run', () => {
    expect(found()).toBeUndefined()
    mkdirSync(join(directory, 'other'))
    writeFileSync(join(directory, 'file'), '')
    writeFileSync(join(runOf(3), 'run.json'), '{"schema": 1}')
    expect(found()).toBeUndefined()
  })

  const { host, cells, options, outcomes } = smallRun()
  const cell = cells[0]?.id ?? ''
  it.each<[string, Partial<Run>]>([
    ['of another fingerprint', { host: { ...host, measuring: 2 } }],
    ['with another cell', { cells: cells.map((one) => ({ ...one, id: 'other' })) }],
    ['with fewer cells', { cells: [] }],
    [
      'with other bytes in its image',
      { images: { 'write-1': { layers: 1, files: 1, bytes: 1, manifest: 'x' } } },
    ],
    [
      'of another seed, whose image has another id',
      {
        cells: cells.map((one) => ({ ...one, image: 'write-2' })),
        images: { 'write-2': { layers: 1, files: 1, bytes: 1, manifest: 'x' } },
      },
    ],
    [
      'with an image of another id that was not built',
      { cells: cells.map((one) => ({ ...one, image: 'write-2' })), images: {} },
    ],
    [
      'on another kind of scratch',
      { options: { ...options, scratch: { ...options.scratch, kind: 'device' } } },
    ],
    ['that was interrupted', { state: 'interrupted' }],
    [
      'with a failed cell',
      { outcomes: { ...outcomes, [cell]: { state: 'failed', code: 'x', reason: '', hint: '' } } },
    ],
    [
      'with a cell that was not measured to its end',
      { outcomes: { ...outcomes, [cell]: { state: 'aborted' } } },
    ],
    ['that does not say how a cell ended', { outcomes: {} }],
    ['that was delayed on purpose', { options: { ...options, injected: { 'stacker@ext4': 0.05 } } }],
    ['that was disturbed on purpose', { options: { ...options, load: 'disk' } }],
  ])('is no run %s', (_, changes) => {
    runOf(2)
    runOf(5, changes)
    expect(found()).toBe('run-2')
  })

  it('is no run whose gate failed, was undecided or cannot be read, and one whose gate passed', () => {
    writeGate(runOf(2), gate('passed'))
    writeGate(runOf(3), gate('first'))
    writeGate(runOf(5), gate('failed'))
    writeGate(runOf(4), gate('undecided'))
    writeFileSync(join(runOf(6), 'gate.json'), '{')
    expect(found()).toBe('run-3')
  })

  it('says which folder cannot be read', () => {
    expect(() => goodRunsBefore(join(directory, 'nowhere'), on(9))).toThrow(
      /--history .*nowhere cannot be read/,
    )
  })
})

describe('a gate', () => {
  it('that was not asked is no failed one', () => {
    expect(isKeptOut(directory)).toBe(false)
  })

  it('that cannot be recorded is the fault of the folder', () => {
    expect(() => writeGate(join(directory, 'nowhere'), gate('passed'))).toThrow(
      /cannot be recorded in .*nowhere/,
    )
  })
})
