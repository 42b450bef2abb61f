/** `bench claims` as a user runs it, on this machine. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { claimsResultSchema } from '../contracts/claims.ts'
import { readWholeRun } from '../testing/whole-run.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { bench, makePlace } from './testing/bench.ts'
import { expectNothingLeft } from './testing/leftovers.ts'

describe.skipIf(!isRoot)('bench claims', () => {
  test('measures what a claim needs in a run of its own, judges it, and leaves nothing else', async () => {
    using place = makePlace()
    const places = ['--scratch', place.scratch, '--output', place.output]
    const only = ['--only', 'overlay-has-two-layers', '--quick', '--json']
    const { code, stdout, stderr } = await bench(place, 'claims', ...only, ...places)
    expect(code, stderr).toBe(0)
    const { run: folder, claims } = claimsResultSchema.parse(JSON.parse(stdout))
    expect(claims).toMatchObject([
      {
        id: 'overlay-has-two-layers',
        verdict: 'false',
        text: expect.stringContaining('64 image layers') as string,
      },
    ])
    const { run } = readWholeRun(folder)
    expect(new Set(run.cells.map(({ scenario }) => scenario))).toEqual(new Set(['metadata']))
    for (const file of ['claims.html', 'report.html']) expect(existsSync(join(folder, file))).toBe(true)
    expectNothingLeft(place, run.id)
  })
})
