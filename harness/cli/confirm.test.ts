/** Suspicious cells are measured again before a gate fails; here by what stands for the measuring. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BenchError } from '../contracts/error.ts'
import type { Cell } from '../contracts/cell.ts'
import type { DriverInfo } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import type { FoundRun } from '../results/history.ts'
import { smallRun } from '../testing/small-run.ts'
import { openRun } from './baseline.ts'
import { confirm, type MeasureAgain } from './confirm.ts'
import type { Context } from './context.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere, roomsHere } from './testing/here.ts'
import { runFolder } from './testing/run-folder.ts'

const context = roomsHere as Context
const rules = { thresholds: {}, across: [] }

/** Makes a run folder whose cell has a control, which takes `control` seconds. */
function withControl(place: Place, day: number, seconds: number, control: number): string {
  const { cells, outcomes, drivers } = smallRun()
  const [cell] = cells as [Cell]
  const plain = { ...cell, id: 'plain', configuration: 'plain@ext4' }
  const [driver] = drivers as [DriverInfo]
  const folder = runFolder(place, day, seconds, {
    cells: [{ ...cell, control: 'plain' }, plain],
    outcomes: { ...outcomes, plain: { state: 'completed' } },
    drivers: [driver, { ...driver, configuration: 'plain@ext4', role: 'control' }],
  })
  const path = join(folder, 'samples.ndjson')
  const own = readFileSync(path, 'utf8').trimEnd().split('\n')
  const controls = own.map((line, round) =>
    JSON.stringify({
      ...(JSON.parse(line) as Sample),
      cell: 'plain',
      phases: { write: control * (1 + round / 1000) },
    }),
  )
  appendFileSync(path, controls.map((line) => `${line}\n`).join(''))
  return folder
}

/** A night twice as slow as the one before, whose cells are measured again by `measure`. */
async function confirmed(place: Place, measure: MeasureAgain) {
  const [baseline, candidate] = [openRun(runFolder(place, 1, 0.01)), openRun(runFolder(place, 2, 0.02))]
  const drawn = await context.compare(baseline, candidate, rules)
  return confirm({ baseline, candidate, rules, drawn }, 10, context, measure)
}

describe('a suspicious cell that is measured again', () => {
  test.each([
    ['is confirmed where it is slow again', 0.02, 10, 'confirmed'],
    ['is cleared where it is shown to be as fast as before', 0.01, 10, 'cleared'],
    ['stays suspicious where so few rounds could not tell', 0.01, 3, 'confirmed'],
  ] as const)('%s', async (_, seconds, rounds, where) => {
    using place = makePlace()
    const asked: unknown[] = []
    const result = await confirmed(place, async (candidate, cells, asked1) => {
      asked.push(candidate.run.id, [...cells], asked1)
      return runFolder(place, 3, seconds, {}, rounds)
    })
    expect(asked).toEqual(['run-2', [smallRun().cells[0]?.id], 10])
    const none = { confirmed: [], cleared: [], open: [] }
    expect(result).toEqual({
      ...none,
      run: 'run-3',
      rounds: 10,
      reason: null,
      [where]: [expect.stringMatching(/^stacker@ext4 in write, 1 MiB: write 10\.0 ms → /)],
    })
  })

  test('is open where it is neither slow again nor shown not to be', async () => {
    using place = makePlace()
    const result = await confirmed(place, async () => {
      const folder = runFolder(place, 3, 0.01)
      const path = join(folder, 'samples.ndjson')
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      // Half of the rounds are slow.
      const noisy = lines.map((line, index) =>
        index % 2 === 0 ? line : line.replace('"write":0.01', '"write":0.02'),
      )
      writeFileSync(path, '')
      for (const line of noisy) appendFileSync(path, `${line}\n`)
      return folder
    })
    expect(result).toMatchObject({ confirmed: [], cleared: [], open: [expect.stringContaining('stacker')] })
  })

  test.each([
    ['is cleared where its control became slower just as much: the host did', 0.005, 0.01, 'cleared'],
    ['is confirmed where its control is as fast as before', 0.005, 0.005, 'confirmed'],
  ])('%s', async (_, before, now, where) => {
    using place = makePlace()
    const nights = [withControl(place, 1, 0.01, before), withControl(place, 2, 0.02, before)]
    const [baseline, candidate] = nights.map(openRun) as [FoundRun, FoundRun]
    const drawn = await context.compare(baseline, candidate, rules)
    const measure: MeasureAgain = async () => withControl(place, 3, 0.02, now)
    const result = await confirm({ baseline, candidate, rules, drawn }, 10, context, measure)
    expect(result?.[where as 'cleared']).toContainEqual(expect.stringContaining('stacker@ext4 in write'))
  })

  test('that cannot be measured says why, and the first finding stands', async () => {
    using place = makePlace()
    const result = await confirmed(place, async () => {
      throw new BenchError('the disk is gone', { code: 'x' })
    })
    expect(result).toMatchObject({ run: null, reason: 'the disk is gone', confirmed: [] })
  })
})

test('nothing is measured again where nothing is suspicious, nor where a regression is exact', async () => {
  using place = makePlace()
  const measure: MeasureAgain = async () => {
    throw new Error('measured')
  }
  const baseline = openRun(runFolder(place, 1, 0.01))
  const exact = openRun(runFolder(place, 2, 0.02))
  const moreBytes = [...exact.samples].map((sample) => ({
    ...sample,
    allocated: { bytes: 1e9, inodes: null },
  }))
  for (const candidate of [baseline, { ...exact, samples: moreBytes }]) {
    const drawn = await context.compare(baseline, candidate, rules)
    expect(await confirm({ baseline, candidate, rules, drawn }, 10, context, measure)).toBeNull()
  }
})

test('a gate on another host says that nothing could be measured again, and fails by what there is', async () => {
  using place = makePlace()
  const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
  const { code, stdout, stderr } = await benchHere(
    place,
    'compare',
    ...runs,
    '--fail-on-regression',
    '--confirm',
    '5',
    '--markdown',
  )
  expect(code).toBe(7)
  expect(stderr).toMatch(
    /^bench: suspicious cells could not be measured again, so that the first finding stands: /,
  )
  expect(stderr).toMatch(/\nbench: regression: stacker@ext4/)
  expect(stdout).toMatch(/\n### Measured again\n\n- suspicious cells could not be measured again/)
})
