import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { benchErrorOf } from '../../testing/errors.ts'
import { smallRun } from '../../testing/small-run.ts'
import { countSamples, openHostStore } from './host-store.ts'

let parent: string
let folder: string
const samples = () => join(folder, 'samples.ndjson')
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'bench-test-store-'))
  folder = join(parent, 'hosts/web1')
})
afterEach(() => rmSync(parent, { recursive: true }))

test('wherever it was torn, what is asked for next makes it the whole file again', () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')))
  fc.assert(
    fc.property(text, fc.nat(), (lines, at) => {
      rmSync(folder, { recursive: true, force: true })
      const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const torn = whole.subarray(0, at % (whole.length + 1))
      openHostStore(folder).append(0, '')
      appendFileSync(samples(), torn)
      using store = openHostStore(folder)
      expect(store.length).toBe(torn.lastIndexOf('\n') + 1)
      store.append(store.length, whole.subarray(store.length).toString())
      expect(readFileSync(samples())).toEqual(whole)
      expect(store.samples).toBe(lines.length)
      expect(countSamples(folder)).toBe(lines.length)
    }),
    { numRuns: 50 },
  )
})

test('what begins elsewhere than at its end is refused, and nothing of it is written', () => {
  using store = openHostStore(folder)
  store.append(0, 'one\n')
  for (const offset of [0, 3, 5]) {
    expect(benchErrorOf(() => store.append(offset, 'two\n')).code).toBe('fleet.samples-offset')
  }
  expect(readFileSync(samples(), 'utf8')).toBe('one\n')
})

test('where nothing was measured no folder is left, and where there is a run it stays', () => {
  openHostStore(folder)[Symbol.dispose]()
  expect(existsSync(folder)).toBe(false)
  expect(countSamples(folder)).toBe(0)
  const store = openHostStore(folder)
  store.writeRun(smallRun())
  store[Symbol.dispose]()
  expect(existsSync(join(folder, 'run.json'))).toBe(true)
})
