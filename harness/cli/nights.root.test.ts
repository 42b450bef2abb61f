/** The nights of docs/nightly.md, with real runs: the first, an equal one, a regression, an accepted one, a new kernel. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gateSchema, type Gate } from '../contracts/compare.ts'
import { RUN_FILE, SAMPLES_FILE } from '../results/run-folder.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { bench, makePlace, type Place } from './testing/bench.ts'
import { expectNothingLeft } from './testing/leftovers.ts'

/** Five rounds can show a difference of one cell. Times of a busy machine stay within a factor of eleven, flushes within three. */
const PLAN = (driver: string) => `
driver: ${driver}
scenario: tree
set: { op: chown, files: 20, directories: 2, size: 0 }
rounds: 5
max-rounds: 5
controls: off
calibration: none
gate: { threshold: 1000%, flushes: 200% }
`

const STRICT = '+fsync=strict'

/** Measures a night; returns its run folder. An option goes by the name of the configuration without it, as after an update. */
async function night(place: Place, option = ''): Promise<string> {
  writeFileSync(place.at('nightly.yaml'), PLAN(`overlay2${option}`))
  const where = ['--output', place.output, '--scratch', place.scratch, '--quiet', '--json']
  const { code, stdout, stderr } = await bench(place, 'run', '--plan', place.at('nightly.yaml'), ...where)
  expect(code, stderr).toBe(0)
  const { run } = JSON.parse(stdout) as { run: string }
  if (option !== '') rewrite(run, (text) => text.replaceAll(option, ''))
  return run
}

function rewrite(folder: string, change: (text: string) => string, files = [RUN_FILE, SAMPLES_FILE]): void {
  for (const file of files) {
    const path = join(folder, file)
    writeFileSync(path, change(readFileSync(path, 'utf8')))
  }
}

/** Copies a run as one of another time, with other seconds in its samples, and with what else is changed in run.json. */
function again(
  place: Place,
  folder: string,
  startedAt: string,
  factor: number,
  change = (text: string) => text,
) {
  const copy = place.at(`output/${startedAt.slice(0, 10)}`)
  cpSync(folder, copy, { recursive: true })
  rewrite(copy, (text) => change(renamed(text, basename(folder), basename(copy), startedAt)), [RUN_FILE])
  rewrite(copy, (text) => scaled(text, factor), [SAMPLES_FILE])
  return copy
}

function renamed(text: string, id: string, other: string, startedAt: string): string {
  return text.replaceAll(id, other).replace(/"startedAt": "[^"]*"/, `"startedAt": "${startedAt}"`)
}

function scaled(lines: string, factor: number): string {
  const samples = lines
    .trimEnd()
    .split('\n')
    .map((line) => {
      const sample = JSON.parse(line) as { phases: Record<string, number> }
      const phases = Object.entries(sample.phases).map(([phase, seconds]) => [phase, seconds * factor])
      return JSON.stringify({ ...sample, phases: Object.fromEntries(phases) as unknown })
    })
  return samples.map((line) => `${line}\n`).join('')
}

async function gateOf(
  place: Place,
  folder: string,
  ...more: string[]
): Promise<Gate & { code: number | null }> {
  const { code } = await bench(
    place,
    'compare',
    '--history',
    place.output,
    folder,
    '--fail-on-regression',
    ...more,
  )
  const gate = gateSchema.parse(JSON.parse(readFileSync(join(folder, 'gate.json'), 'utf8')))
  return { ...gate, code }
}

describe.skipIf(!isRoot)('nights', () => {
  test('the first, an equal one, a regression of the ledger, one that is accepted, and a new kernel', async () => {
    using place = makePlace()
    const first = await night(place)
    expect(await gateOf(place, first)).toMatchObject({ code: 0, outcome: 'first' })

    const equal = await gateOf(place, await night(place))
    expect(equal.regressions).toEqual([])
    expect([0, 8]).toContain(equal.code)

    const strict = await night(place, STRICT)
    const failed = await gateOf(place, strict, '--confirm', '5')
    // What the ledger counts is exact: nothing was measured again.
    expect(failed).toMatchObject({ code: 7, outcome: 'failed', confirmation: null })
    expect(failed.regressions).toEqual([expect.stringMatching(/^overlay2@ext4 in tree.*flushes per /)])

    const accept = await bench(place, 'accept', strict, '--because', 'durable since the update')
    expect(accept.code, accept.stderr).toBe(0)
    const next = await night(place, STRICT)
    const after = await gateOf(place, next)
    expect(after).toMatchObject({ baseline: basename(strict), regressions: [] })
    expect([0, 8]).toContain(after.code)

    const upgraded = again(place, strict, '2099-01-01T00:00:00.000Z', 1, (text) =>
      text.replace(/"kernel": "[^"]*"/, '"kernel": "99.0.0"'),
    )
    expect(await gateOf(place, upgraded)).toMatchObject({ code: 0, outcome: 'first' })
    const across = await gateOf(place, upgraded, '--across', 'kernel')
    expect(across).toMatchObject({ regressions: [], across: ['kernel'] })
    expect(across.baseline).not.toBeNull()
    expectNothingLeft(place, basename(next))
  })

  test('a suspicious one is measured again: it fails where it is slow again, not where it is as fast as before; bisect finds it by its flushes', async () => {
    using place = makePlace()
    const measured = await night(place)
    const slower = again(place, measured, '2099-01-01T00:00:00.000Z', 1000)
    const cleared = await gateOf(place, slower, '--confirm', '5')
    expect(cleared.confirmation).toMatchObject({ reason: null, rounds: 5, confirmed: [] })
    expect(cleared).toMatchObject({ baseline: basename(measured), regressions: [] })
    expect([0, 8]).toContain(cleared.code)

    again(place, measured, '2001-01-01T00:00:00.000Z', 1 / 1000)
    const confirmed = await gateOf(place, measured, '--confirm', '5')
    expect(confirmed).toMatchObject({ code: 7, baseline: '2001-01-01', outcome: 'failed' })
    expect(confirmed.confirmation?.confirmed).toEqual([expect.stringContaining('overlay2@ext4 in tree')])
    // An ordinary run beside the candidate, which is the baseline of none.
    const second = readFileSync(join(place.output, confirmed.confirmation?.run ?? '', RUN_FILE), 'utf8')
    expect(JSON.parse(second)).toMatchObject({
      state: 'completed',
      options: { confirms: basename(measured) },
    })
    expectNothingLeft(place, confirmed.confirmation?.run ?? '')

    // Had the good kernel flushed nothing, this one would be bad, after one measurement.
    rewrite(measured, (text) => text.replaceAll(/"flushes":\d+/g, '"flushes":0'), [SAMPLES_FILE])
    const { code, stdout, stderr } = await bench(
      place,
      'bisect',
      '--good',
      measured,
      '--rounds',
      '5',
      '--output',
      place.output,
    )
    expect(code, stderr).toBe(1)
    expect(stdout).toMatch(/^bad: overlay2@ext4 in tree[^\n]*flushes per [^\n]*\n$/)
  })
})
