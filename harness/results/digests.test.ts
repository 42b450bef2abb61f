import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunDigest } from '../contracts/history.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { writeAccepted } from './accepted.ts'
import { readDigests } from './digests.ts'
import { findRuns } from './find-runs.ts'
import type { StoredRun } from './run-folder.ts'

let place = ''
let cache = ''
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'digests-'))
  cache = join(place, 'cache', 'digests.ndjson')
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

function writeRun(name: string, id = name): string {
  const folder = join(place, 'runs', name)
  const run = { ...smallRun(), id }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
  writeFileSync(join(folder, 'samples.ndjson'), `${JSON.stringify(sampleOf(run, 0))}\n`)
  return folder
}

/** Counts its calls; its median is the number of samples. */
function counting() {
  const read: string[] = []
  const digestOf = ({ run, samples }: StoredRun): RunDigest => {
    read.push(run.id)
    const { id, startedAt, state, host, options } = run
    const [
      { id: cell, configuration, scenario, label, cache: state2 } = {
        id: '',
        configuration: '',
        scenario: '',
        label: '',
        cache: 'warm' as const,
      },
    ] = run.cells
    const known = { id: cell, configuration, scenario, label, cache: state2, phase: 'write', title: 'Write' }
    return {
      id,
      startedAt,
      state,
      host,
      scratch: options.scratch.kind,
      disturbed: false,
      points: [
        {
          cell: { ...known, unit: 's', better: 'lower', control: null },
          image: 'cd34',
          n: 1,
          median: [...samples].length,
          ratio: null,
        },
      ],
    }
  }
  return { read, digestOf }
}

const places = () => findRuns([join(place, 'runs')])

describe('findRuns', () => {
  it('finds runs, those of the hosts of a fleet, and a run that is given itself; no links', () => {
    writeRun('one')
    writeRun('fleet/hosts/alpha')
    symlinkSync(join(place, 'runs', 'one'), join(place, 'runs', 'last'))
    mkdirSync(join(place, 'runs', 'empty'))
    const found = places().map(({ folder, hostName }) => [folder.slice(place.length), hostName] as const)
    expect(new Map(found)).toEqual(
      new Map([
        ['/runs/fleet/hosts/alpha', 'alpha'],
        ['/runs/one', null],
      ]),
    )
    expect(findRuns([join(place, 'runs/one'), join(place, 'runs/fleet')])).toHaveLength(2)
  })

  it('refuses a folder that is not there', () => {
    expect(() => findRuns([join(place, 'nowhere')])).toThrow(/nowhere cannot be read/)
  })
})

describe('digests', () => {
  it('are read from the samples once, and from the cache then, alike', () => {
    for (const name of ['one', 'two']) writeRun(name)
    const { read, digestOf } = counting()
    const first = readDigests(places(), cache, digestOf)
    const second = readDigests(places(), cache, digestOf)
    expect(read.toSorted()).toEqual(['one', 'two'])
    expect(second.runs).toEqual(first.runs)
    expect([first.computed, second.computed]).toEqual([2, 0])
  })

  it('of a run that has changed are read again, and only they', () => {
    const [one] = ['one', 'two'].map((name) => writeRun(name))
    const { read, digestOf } = counting()
    readDigests(places(), cache, digestOf)
    appendFileSync(join(one ?? '', 'samples.ndjson'), `${JSON.stringify(sampleOf(smallRun(), 1))}\n`)
    const { runs } = readDigests(places(), cache, digestOf)
    expect(read.toSorted()).toEqual(['one', 'one', 'two'])
    expect(runs.find(({ id }) => id === 'one')?.points[0]?.median).toBe(2)
  })

  it.each([
    ['is damaged', () => writeFileSync(cache, 'not JSON\n{')],
    ['is of another version', () => writeFileSync(cache, '{"version":0,"cells":[],"hosts":[]}\n')],
    ['has a damaged line', () => appendFileSync(cache, '{"folder":7}\n{"torn')],
    [
      'cannot be written',
      () => {
        rmSync(join(place, 'cache'), { recursive: true })
        writeFileSync(join(place, 'cache'), '')
      },
    ],
  ])('do not depend on a cache that %s', (_, spoil) => {
    writeRun('one')
    const { digestOf } = counting()
    const { runs } = readDigests(places(), cache, digestOf)
    spoil()
    expect(readDigests(places(), cache, digestOf).runs).toEqual(runs)
  })

  it('forget runs that are gone', () => {
    const [one] = ['one', 'two'].map((name) => writeRun(name))
    const { digestOf } = counting()
    readDigests(places(), cache, digestOf)
    rmSync(one ?? '', { recursive: true })
    readDigests(places(), cache, digestOf)
    expect(readFileSync(cache, 'utf8')).not.toContain('runs/one')
  })

  it('name what cannot be read, and say which runs were accepted', () => {
    const [, two] = ['one', 'two'].map((name) => writeRun(name))
    writeFileSync(join(place, 'runs/one/run.json'), '{')
    writeAccepted(two ?? '', {
      schema: 1,
      run: 'two',
      because: 'known',
      at: '2026-01-01T00:00:00.000Z',
      outcome: null,
    })
    const { runs, unreadable } = readDigests(places(), cache, counting().digestOf)
    expect(unreadable).toMatchObject([{ reason: expect.stringContaining('run.json is not JSON') as string }])
    expect(runs).toMatchObject([{ id: 'two', accepted: { because: 'known' } }])
  })
})
