/** `bench history` as a user runs it, on run folders that are written here. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { historySchema } from '../contracts/history.ts'
import { writeAccepted } from '../results/accepted.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

/** Makes runs of one night each; `seconds`: what a night's write takes. */
function nights(place: Place, count: number, seconds: (night: number) => number): string {
  for (let night = 0; night < count; night += 1) {
    const startedAt = new Date(Date.UTC(2026, 0, 1 + night)).toISOString()
    const run = { ...smallRun(), id: `run-${night}`, startedAt }
    const folder = place.at(`output/run-${night}`)
    mkdirSync(folder)
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
    const sample = { ...sampleOf(run, 0), phases: { write: seconds(night) * (1 + (night % 7) / 1000) } }
    writeFileSync(join(folder, 'samples.ndjson'), `${JSON.stringify(sample)}\n`)
  }
  return place.output
}

/** The cell of these runs has no control: it is one itself. */
const control = (place: Place) => nights(place, 24, (night) => (night < 12 ? 0.01 : 0.02))

describe('bench history', () => {
  test('of runs that are alike says so, and ends with 0', async () => {
    using place = makePlace()
    const { code, stdout, stderr } = await benchHere(
      place,
      'history',
      nights(place, 12, () => 0.01),
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^No change for the worse is open: 12 runs of 1 host, 1 cell\.\n/)
  })

  test('prints JSON of its schema, and writes one page', async () => {
    using place = makePlace()
    const page = place.at('page.html')
    const { code, stdout } = await benchHere(place, 'history', control(place), '--json', '--output', page)
    expect(code).toBe(0)
    const { changes, runs } = historySchema.parse(JSON.parse(stdout))
    expect(runs).toHaveLength(24)
    expect(changes).toMatchObject([{ kind: 'host', direction: 'worse', run: 'run-12' }])
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[^]*<svg /)
  })

  test('ends with 7 where a driver got slower, until a run is accepted', async () => {
    using place = makePlace()
    const folder = nights(place, 24, () => 0.01)
    for (let night = 0; night < 24; night += 1)
      addDriver(place.at(`output/run-${night}`), night < 12 ? 0.03 : 0.04)
    const failed = await benchHere(place, 'history', folder)
    expect(failed.code).toBe(7)
    expect(failed.stdout).toMatch(
      /^1 change for the worse is open, newest: driver@ext4 in write, 1 MiB: worse by 33 %/,
    )
    writeAccepted(place.at('output/run-20'), {
      schema: 1,
      run: 'run-20',
      because: 'known',
      at: '2026-02-01T00:00:00.000Z',
      outcome: null,
    })
    const accepted = await benchHere(place, 'history', folder)
    expect(accepted.code).toBe(0)
    expect(accepted.stdout).toContain('(accepted: known)')
  })

  test('changes nothing in the run folders', async () => {
    using place = makePlace()
    await benchHere(
      place,
      'history',
      nights(place, 3, () => 0.01),
    )
    expect(existsSync(place.at('output/run-0/report.html'))).toBe(false)
    expect(existsSync(place.at('cache/bench/history'))).toBe(true)
  })
})

/** Adds a cell that is divided by the one that is there. */
function addDriver(folder: string, seconds: number): void {
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as ReturnType<typeof smallRun>
  const [cell] = run.cells
  const [driver] = run.drivers
  if (cell === undefined || driver === undefined) throw new Error('the small run has a cell')
  const added = { ...cell, id: 'driver', configuration: 'driver@ext4', control: cell.id }
  const drivers = [...run.drivers, { ...driver, configuration: 'driver@ext4' }]
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, cells: [cell, added], drivers }))
  const sample = { ...sampleOf(run, 0), cell: 'driver', phases: { write: seconds } }
  writeFileSync(join(folder, 'samples.ndjson'), `${JSON.stringify(sample)}\n`, { flag: 'a' })
}

const REFUSALS: readonly Refusal[] = [
  ['of no folder', 'history', /missing required argument 'directories'/],
  ['of a folder that is missing', 'history /nowhere', /\/nowhere cannot be read: ENOENT/],
  ['of a folder without runs', (place) => ['history', place.output], /no run folder is in /],
  ['of an empty name', () => ['history', ''], /directories is empty/],
  ['with a threshold that is none', 'history /a --threshold much', /--threshold: much is not a percentage/],
]

describe('a history is refused', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal))
})
