/** Where `--output` writes a page that is no file: a device, standard output. */
import { spawnSync } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isRoot } from '../testing/scratch-file.ts'
import { bench, makePlace } from './testing/bench.ts'
import { runFolder } from './testing/run-folder.ts'

describe('two runs', () => {
  test.skipIf(!isRoot)('leave a device that the page goes to what it is', async () => {
    using place = makePlace()
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    spawnSync('mknod', [place.at('null'), 'c', '1', '3'])
    spawnSync('mknod', [place.at('full'), 'c', '1', '7'])
    expect((await bench(place, 'compare', ...runs, '--output', place.at('null'))).code).toBe(0)
    const full = await bench(place, 'compare', ...runs, '--output', place.at('full'))
    expect(full.code).toBe(2)
    expect(full.stderr).toMatch(/^bench: --output [^\n]+: ENOSPC[^\n]+\n$/)
    for (const name of ['null', 'full']) expect(lstatSync(place.at(name)).isCharacterDevice()).toBe(true)
  })

  test('are a page on standard output, whatever that is', async () => {
    using place = makePlace()
    const runs = [runFolder(place, 1, 0.01), runFolder(place, 2, 0.02)]
    const { code, stdout } = await bench(place, 'compare', ...runs, '--output', '/proc/self/fd/1')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^<!doctype html>[^]*<\/html>\s+\S/)
  })
})
