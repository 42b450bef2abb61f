/** Run folders that are valid but for one file. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { sampleOf, smallRun } from '../../testing/small-run.ts'
import type { Place } from './bench.ts'

/** Returns a node of the place's own: those of the machine are left alone. */
export function node(path: string, ...words: readonly string[]): string {
  expect(spawnSync('mknod', [path, ...words]).status).toBe(0)
  return path
}

/** Makes the words of a report on a run folder whose `file` holds `content`. */
export const report = (file: 'run.json' | 'samples.ndjson', content: string) => (place: Place) => {
  const folder = place.at('output/run')
  mkdirSync(folder)
  const run = smallRun()
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
  writeFileSync(join(folder, 'samples.ndjson'), `${JSON.stringify(sampleOf(run, 0))}\n`)
  writeFileSync(join(folder, file), content)
  return ['report', folder]
}
/** Makes the words of a report on a run folder in which `make` puts something else in the place of `file`. */
export const instead =
  (file: 'run.json' | 'samples.ndjson', make: (path: string) => void) => (place: Place) => {
    const words = report('run.json', JSON.stringify(smallRun()))(place)
    const path = join(place.at('output/run'), file)
    rmSync(path)
    make(path)
    return words
  }
