/** `bench export` as a user runs it, on run folders that are written here. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { EXPORT_FORMATS } from '../contracts/export.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { runFolder } from './testing/run-folder.ts'

describe('bench export', () => {
  test.each(Object.keys(EXPORT_FORMATS))(
    'writes %s to standard output, and nothing else there',
    async (format) => {
      using place = makePlace()
      const { code, stdout, stderr } = await benchHere(
        place,
        'export',
        runFolder(place, 1, 0.01),
        '--format',
        format,
      )
      expect(code).toBe(0)
      expect(stdout).toMatch(/\n$/)
      expect(stderr).toMatch(/^(?:bench: note: [^\n]+\n)*$/)
    },
  )

  test('writes to a file as well', async () => {
    using place = makePlace()
    const path = place.at('out.txt')
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    const ended = await benchHere(place, 'export', ...runs, '--format', 'benchstat', '--output', path)
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(readFileSync(path, 'utf8').match(/^BenchmarkWrite/gm)).toHaveLength(20)
  })

  test('takes the gate that is kept beside the run', async () => {
    using place = makePlace()
    const [baseline, candidate] = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    await benchHere(place, 'compare', baseline, candidate, '--fail-on-regression')
    const { stdout } = await benchHere(place, 'export', candidate, '--format', 'junit')
    expect(stdout).toMatch(/failures="1"[^]*<failure message="stacker@ext4 in write, 1 MiB: write 10\.0 ms/)
  })
})

const spoiledGate = (place: Place) => {
  const folder = runFolder(place, 1, 0.01)
  writeFileSync(join(folder, 'gate.json'), '{')
  return ['export', folder, '--format', 'junit']
}

const REFUSALS: readonly Refusal[] = [
  ['without a format', 'export /a', /--format <name>' not specified/],
  ['of an unknown format', 'export /a --format svg', /Allowed choices are benchstat, /],
  ['of no run', 'export --format csv', /missing required argument 'runs'/],
  ['of a folder without a run', 'export /nowhere --format csv', /\/nowhere is not a run folder/],
  ['of two runs in a file of one', 'export /a /b --format bencher', /bencher holds one run, got 2/],
  ['with a gate.json that is torn', spoiledGate, /gate\.json cannot be read: .*: judge the run again/],
  [
    'to a place that cannot be written',
    (place) => ['export', runFolder(place, 1, 0.01), '--format', 'csv', '--output', place.at('no/such/file')],
    /--output .*no\/such\/file: ENOENT/,
  ],
]

describe('an export is refused', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal))
})
