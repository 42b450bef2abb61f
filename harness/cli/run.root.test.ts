/** `bench run` as a user runs it, on this machine. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { rowSchema } from '../contracts/row.ts'
import { readWholeRun } from '../testing/whole-run.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { bench, makePlace, smallestRun, type Place } from './testing/bench.ts'
import { expectNothingLeft } from './testing/leftovers.ts'

const printedSchema = z.strictObject({ run: z.string(), rows: z.array(rowSchema.strict()) })

const inScratch = (place: Place, driver: string, ...more: readonly string[]) =>
  smallestRun(place, driver, '--scratch', place.scratch, ...more)

describe.skipIf(!isRoot)('a run', () => {
  test('measures, prints its rows as JSON, writes its folder, and leaves nothing else', async () => {
    using place = makePlace()
    const { code, stdout, stderr } = await bench(
      place,
      ...inScratch(place, 'overlay2', '--set', 'size=16M', '--rounds', '2', '--json'),
    )
    expect(code, stderr).toBe(0)
    const { run: folder, rows } = printedSchema.parse(JSON.parse(stdout))
    const { run, samples } = readWholeRun(folder)

    expect(new Set(rows.map((row) => `${row.configuration} ${row.params['size']}`))).toEqual(
      new Set(['bare@ext4 1M', 'bare@ext4 16M', 'overlay2@ext4 1M', 'overlay2@ext4 16M']),
    )
    for (const row of rows) expect(row).toMatchObject({ state: 'completed', n: 2, reason: null })
    const headline = rows.find(
      (row) =>
        row.configuration === 'overlay2@ext4' && row.phase === 'first-write' && row.params['size'] === '16M',
    )
    expect(headline).toMatchObject({ unit: 's', better: 'lower', control: 'bare@ext4' })
    expect(headline?.mechanism).toBe('copied-up')
    // A file of 16 MiB was copied: the device saw it.
    expect(headline?.bytesWritten).toBeGreaterThan(15 * 1024 ** 2)

    expect(run).toMatchObject({ state: 'completed', id: basename(folder) })
    expect(run.cells).toHaveLength(4)
    expect(samples).toHaveLength(8)
    // Every driver showed the container the same bytes, and the control those of them that are touched.
    const ids = Object.keys(run.images)
    const touched = ids.filter((id) => id.includes('-touched-'))
    expect([ids.length, touched.length]).toEqual([4, 2])
    for (const round of [0, 1]) {
      const positions = samples.filter((sample) => sample.round === round).map((sample) => sample.position)
      expect(positions).toEqual([0, 1, 2, 3])
    }
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
    expectNothingLeft(place, run.id)
  })

  test('of which nothing can run here says why and what would help', async () => {
    using place = makePlace()
    const command = inScratch(place, 'windowsfilter')
    const text = await bench(place, ...command)
    expect(text.code).toBe(3)
    expect(text.stdout).toMatch(/windowsfilter/)

    const json = await bench(place, ...command, '--json')
    expect(json.code).toBe(3)
    const { run: folder, rows } = printedSchema.parse(JSON.parse(json.stdout))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) {
      expect(row).toMatchObject({ state: 'unsupported', n: 0, median: null, phase: null })
      expect(row.reason).not.toBeNull()
      expect(row.hint).not.toBeNull()
    }
    expectNothingLeft(place, readWholeRun(folder).run.id)
  })

  test('can be drawn again, the same', async () => {
    using place = makePlace()
    const { stdout } = await bench(place, ...inScratch(place, 'bare', '--rounds', '1', '--json', '--quiet'))
    const { run: folder } = printedSchema.parse(JSON.parse(stdout))
    const report = join(folder, 'report.html')
    const before = readFileSync(report, 'utf8')
    const again = await bench(place, 'report', folder)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain(report)
    expect(readFileSync(report, 'utf8')).toBe(before)
  })
})
