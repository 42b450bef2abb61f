import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import type { Place } from './testing/bench.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const planFile = (content: string) => (place: Place) => {
  writeFileSync(place.at('plan.yaml'), content)
  return ['run', '--plan', place.at('plan.yaml')]
}

const PLAN_FILES: readonly Refusal[] = [
  ['that is missing', 'run --plan /nowhere/plan.yaml', /plan file \/nowhere\/plan\.yaml: ENOENT/],
  ['that is a folder', 'run --plan /var', /plan file \/var: EISDIR/],
  ['that is not YAML', planFile('driver: [overlay2\nscenario: x'), /plan\.yaml: /],
  ['with a tag that means nothing', planFile('!odd\ndriver: overlay2'), /--scenario is missing/],
  ['with an unknown key', planFile('drvier: overlay2'), /no option drvier: did you mean driver\?/],
  ['with a number for a driver', planFile('driver: 7'), /plan\.yaml: driver: /],
  ['that is a list', planFile('- driver: overlay2'), /holds no options/],
  ['that is empty', planFile(''), /holds no options/],
  ['with an empty list', planFile('driver: []\nscenario: bigfile'), /--driver is missing/],
  ['with a bad value', planFile('driver: vfs\nscenario: bigfile\nrounds: many'), /--rounds many is not/],
]

/** A run folder that is valid, until something is spoiled. */
const report = (file: 'run.json' | 'samples.ndjson', content: string) => (place: Place) => {
  const folder = place.at('output/run')
  mkdirSync(folder)
  const run = smallRun()
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
  writeFileSync(join(folder, 'samples.ndjson'), `${JSON.stringify(sampleOf(run, 0))}\n`)
  writeFileSync(join(folder, file), content)
  return ['report', folder]
}
const runWith = (changes: object) => report('run.json', JSON.stringify({ ...smallRun(), ...changes }))

const RUN_FOLDERS: readonly Refusal[] = [
  ['that is not named', 'report', /missing required argument 'run'/],
  ['that is missing', 'report /nowhere', /\/nowhere is not a run folder: .* is missing/],
  ['that is empty', (place) => ['report', place.output], /not a run folder: .*run\.json is missing/],
  ['that is a file', 'report /etc/passwd', /\/etc\/passwd is not a run folder: .*ENOTDIR/],
  ['with a torn run.json', report('run.json', '{"schema": 1, "id":'), /run\.json is not JSON/],
  ['with a run.json that spans lines', report('run.json', '{\n"schema": 1,\n'), /run\.json is not JSON/],
  ['of another schema', runWith({ schema: 99 }), /has schema 99; this program reads 2/],
  ['with a field missing', runWith({ cells: undefined }), /run\.json: cells: /],
  ['with a line that is no sample', report('samples.ndjson', '{"cell":"x"}\n'), /ndjson line 1: /],
  ['with a torn line before others', report('samples.ndjson', '{"cell\n{}\n'), /line 1 is not JSON/],
]

describe('a plan file', () => {
  test.each(named(PLAN_FILES))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('a run folder', () => {
  test.each(named(RUN_FOLDERS))('%s', (_, refusal) => expectRefusal(refusal))
})
