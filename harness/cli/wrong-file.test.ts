import { truncateSync, writeFileSync } from 'node:fs'
import { describe, test } from 'vitest'
import { smallRun } from '../testing/small-run.ts'
import type { Place } from './testing/bench.ts'
import { instead, node, report } from './testing/spoiled-run.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const planFile = (content: string) => (place: Place) => {
  writeFileSync(place.at('plan.yaml'), content)
  return ['run', '--plan', place.at('plan.yaml')]
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `key${index}: 1\n`).join('')

const PLAN_FILES: readonly Refusal[] = [
  ['that is missing', 'run --plan /nowhere/plan.yaml', /plan file \/nowhere\/plan\.yaml: ENOENT/],
  ['that is a folder', 'run --plan /var', /plan file \/var: is a folder, not a regular file/],
  ['that is not YAML', planFile('driver: [overlay2\nscenario: x'), /plan\.yaml: /],
  ['with a tag that means nothing', planFile('!odd\ndriver: overlay2'), /--scenario is missing/],
  ['with an unknown key', planFile('drvier: overlay2'), /no option drvier: did you mean driver\?/],
  ['with a number for a driver', planFile('driver: 7'), /plan\.yaml: driver: /],
  ['that is a list', planFile('- driver: overlay2'), /contains no options/],
  ['that is empty', planFile(''), /contains no options/],
  ['with an empty list', planFile('driver: []\nscenario: bigfile'), /--driver is missing/],
  ['that is a pipe', (place) => ['plan', '--plan', node(place.at('pipe'), 'p')], /pipe: is a pipe, not a/],
  ['of 50,000 keys', planFile(keys(50_000)), /plan\.yaml: is larger than 64K/],
  ['of 3,000 nested lists', planFile('['.repeat(3000)), /plan\.yaml: /],
  ['with an empty output', planFile("driver: vfs\nscenario: bigfile\noutput: ''"), /output: is empty/],
  ['with a bad value', planFile('driver: vfs\nscenario: bigfile\nrounds: many'), /--rounds many is not/],
]

const runWith = (changes: object) => report('run.json', JSON.stringify({ ...smallRun(), ...changes }))

const PLAN = ['plan', '--driver', 'overlay2', '--scenario', 'bigfile']
const EMPTY: readonly Refusal[] = [
  ['of a run to report', () => ['report', ''], /^bench: run is empty: give a path/],
  ['of a run to compare', () => ['compare', '/a', ''], /runs is empty/],
  ['of a history', () => ['compare', '/a', '--history', ''], /--history is empty/],
  ['of a page', () => ['compare', '/a', '/b', '--output', ''], /--output is empty/],
  ['of a plan file', () => ['plan', '--plan', ''], /--plan is empty/],
  ['of the output', () => [...PLAN, '--output', ''], /--output is empty/],
  ['of the scratch', () => [...PLAN, '--scratch', ''], /--scratch is empty/],
  ['of a device', () => [...PLAN, '--device', ''], /--device is empty/],
  ['of an inventory', () => ['host', 'list', '--inventory', ''], /--inventory is empty/],
  ['of a fleet', () => ['host', 'attach', ''], /fleet is empty/],
  ['of a kernel', () => ['lab', 'up', '--kernel', ''], /--kernel is empty/],
]

const RUN_FOLDERS: readonly Refusal[] = [
  ['that is not named', 'report', /missing required argument 'run'/],
  ['that is missing', 'report /nowhere', /\/nowhere is not a run folder: .* is missing/],
  ['that is empty', (place) => ['report', place.output], /not a run folder: .*run\.json is missing/],
  ['that is a file', 'report /etc/passwd', /\/etc\/passwd is not a run folder: .*ENOTDIR/],
  ['with a torn run.json', report('run.json', '{"schema": 1, "id":'), /run\.json is not JSON/],
  ['with a run.json that spans lines', report('run.json', '{\n"schema": 1,\n'), /run\.json is not JSON/],
  ['of another schema', runWith({ schema: 99 }), /has schema 99; this program reads 2/],
  ['with a field missing', runWith({ cells: undefined }), /run\.json: cells: /],
]

/** Zeros without a newline, which take no space. */
function sparse(path: string): void {
  writeFileSync(path, '')
  truncateSync(path, 2 ** 40)
}

const NO_FILES: readonly Refusal[] = [
  ['with a pipe for run.json', instead('run.json', (path) => node(path, 'p')), /run\.json is a pipe, not a/],
  [
    'with a pipe for samples',
    instead('samples.ndjson', (path) => node(path, 'p')),
    /samples\.ndjson is a pipe/,
  ],
  ['with a run.json of a terabyte', instead('run.json', sparse), /run\.json is larger than 64M/],
  ['with samples in a line without end', instead('samples.ndjson', sparse), /has a line of more than 32M/],
]

describe('a plan file', () => {
  test.each(named(PLAN_FILES))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('an empty path', () => {
  test.each(named(EMPTY))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('a run folder', () => {
  test.each(named([...RUN_FOLDERS, ...NO_FILES]))('%s', (_, refusal) => expectRefusal(refusal))
})
