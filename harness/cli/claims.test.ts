/** `bench claims` as a user runs it, on run folders that are written here. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { claimsResultSchema } from '../contracts/claims.ts'
import { makePlace } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { runFolder } from './testing/run-folder.ts'

describe('bench claims', () => {
  test('judges a run that is there, and writes a page into its folder', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    const { code, stdout, stderr } = await benchHere(place, 'claims', folder)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/not testable here {2}overlay copies the whole file up/)
    expect(stdout).toContain(join(folder, 'claims.html'))
    expect(readFileSync(join(folder, 'claims.html'), 'utf8')).toContain('overlay-copies-the-whole-file')
  })

  test('prints JSON that its schema allows, of the claims that were asked for', async () => {
    using place = makePlace()
    const only = 'vfs-needs-no-copy-up,overlay-has-two-layers'
    const { stdout } = await benchHere(place, 'claims', runFolder(place, 1, 0.01), '--json', '--only', only)
    const { claims } = claimsResultSchema.parse(JSON.parse(stdout))
    expect(claims.map(({ id }) => id).toSorted()).toEqual(only.split(',').toSorted())
  })

  test('prints Markdown, a row for each claim', async () => {
    using place = makePlace()
    const { stdout } = await benchHere(place, 'claims', runFolder(place, 1, 0.01), '--markdown')
    expect(stdout).toMatch(/\| Not testable here \| .+\[Docker: OverlayFS storage driver\]\(https:/)
  })

  test('lists what it would test, and measures nothing', async () => {
    using place = makePlace()
    const { code, stdout } = await benchHere(place, 'claims', '--list')
    expect(code).toBe(0)
    expect(stdout).toContain('\nchmod-copies-the-data\n  A change of mode')
    expect(existsSync(place.at('bench-runs'))).toBe(false)
  })
})

const REFUSALS: readonly Refusal[] = [
  [
    'an unknown claim',
    'claims --only chmod-copies-data',
    /no such claim: did you mean chmod-copies-the-data\?/,
  ],
  ['two forms', 'claims --json --markdown', /--json and --markdown both print/],
  ['a run to be measured and one that is there', 'claims /a --quick', /--quick is about measuring/],
  ['a folder without a run', 'claims /nowhere', /\/nowhere is not a run folder/],
]

describe('bench claims refuses', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal))
})
