import { describe, expect, it } from 'vitest'
import { type HistoryRun, historySchema } from '../../harness/contracts/history.ts'
import { type Changes, from, nights } from '../testing/fixture-nights.ts'
import { smallRun } from '../testing/small-run.ts'
import { changeGroups } from './groups.ts'
import { historyOf } from './history.ts'
import { historySentences } from './sentences.ts'

const follow = (runs: readonly HistoryRun[], threshold = 0.05) => historyOf(runs, [], { threshold })
const summaryOf = ({
  cell,
  kind,
  direction,
  run,
  standing,
}: ReturnType<typeof follow>['changes'][number]) => ({
  cell,
  kind,
  direction,
  run: Number(run.slice(4)),
  standing,
})
const about = (run: number): number => expect.closeTo(run, -0.5) as number

const otherKernel = { ...smallRun(['bare']).host, kernel: '6.99.0' }

describe('a history', () => {
  it('without a change has none, and follows its schema', () => {
    const history = follow(nights(60, () => ({})))
    expect(history.changes).toEqual([])
    expect(historySchema.parse(JSON.parse(JSON.stringify(history)))).toEqual(history)
    expect(historySentences(history)[0]?.text).toBe(
      'No change for the worse is open: 60 runs of 1 host, 4 cells.',
    )
  })

  it('names a driver that got slower, and says so first', () => {
    const history = follow(nights(60, from(40, { factors: { first: 1.3 } })))
    expect(history.changes.map(summaryOf)).toEqual([
      { cell: 'first', kind: 'driver', direction: 'worse', run: about(40), standing: true },
    ])
    expect(historySentences(history)[0]?.text).toMatch(
      /^1 change for the worse is open, newest: first in write, 1 MiB: worse by (?:29|30|31) %, since 2026-02-1\d\. 1\.\d\d× → 1\.\d\d× of its control;/,
    )
  })

  it('does not call a slow disk a slow driver', () => {
    const history = follow(
      nights(
        60,
        () => ({}),
        (number) => (number >= 40 ? 1.5 : 1),
      ),
    )
    expect(new Set(history.changes.map(({ kind }) => kind))).toEqual(new Set(['host']))
    expect(history.changes.filter(({ standing }) => standing)).toEqual([])
    expect(changeGroups(history)).toMatchObject([
      { kind: 'host', direction: 'worse', changes: { length: 4 } },
    ])
  })

  it('finds the driver beside a disk that gets slower and slower', () => {
    const slower = (number: number) => 1 + Math.max(0, number - 30) / 60
    const history = follow(nights(120, from(80, { factors: { second: 1.2 } }), slower))
    expect(history.changes.filter(({ kind }) => kind === 'driver').map(summaryOf)).toEqual([
      { cell: 'second', kind: 'driver', direction: 'worse', run: about(80), standing: true },
    ])
  })

  it('blames the control where the ratios of all its cells changed', () => {
    const history = follow(nights(60, from(40, { factors: { bare: 0.7 } })))
    const kinds = history.changes.map(({ cell, kind }) => `${cell} ${kind}`).toSorted()
    expect(kinds).toEqual(['bare host', 'first control', 'second control', 'third control'])
  })

  it('does not call one or two bad nights a change', () => {
    const bad = (number: number) => (number === 30 || number >= 58 ? { factors: { first: 3 } } : {})
    expect(follow(nights(60, bad)).changes).toEqual([])
  })

  it('takes a worsening for gone when the cost is back', () => {
    const passing = (number: number) => (number >= 20 && number < 40 ? { factors: { first: 1.4 } } : {})
    const changes = follow(nights(60, passing)).changes.map(summaryOf)
    expect(changes).toMatchObject([
      { direction: 'better', standing: false },
      { direction: 'worse', standing: false },
    ])
  })

  it('closes a worsening with a run that was accepted after it', () => {
    const acceptance = { because: 'fsync is strict now', at: '2026-03-01T00:00:00Z' }
    const runs = nights(60, from(40, { factors: { first: 1.3 } }))
    const accepted = runs.map((run, number) => (number === 46 ? { ...run, accepted: acceptance } : run))
    const history = follow(accepted)
    expect(history.changes).toMatchObject([{ standing: false, accepted: acceptance }])
    expect(historySentences(history).map(({ text }) => text)).toContain(
      '1 change accepted: “fsync is strict now”.',
    )
    // An acceptance from before says nothing of it.
    const early = runs.map((run, number) => (number === 30 ? { ...run, accepted: acceptance } : run))
    expect(follow(early).changes).toMatchObject([{ standing: true, accepted: null }])
  })

  it('never pools two fingerprints: what changes with a kernel is shown with it, and not judged', () => {
    const history = follow(nights(60, from(30, { host: otherKernel, factors: { first: 1.3 } })))
    expect(history.epochs).toMatchObject([
      { runs: 30, newest: false, differences: [] },
      { runs: 30, newest: true, kernel: '6.99.0', differences: [{ part: 'kernel', after: '6.99.0' }] },
    ])
    expect(history.changes.map(summaryOf)).toEqual([
      { cell: 'first', kind: 'epoch', direction: 'worse', run: 30, standing: false },
    ])
    expect(history.changes[0]?.differences).toMatchObject([{ name: 'Kernel', after: '6.99.0' }])
  })

  it('puts the runs of a kernel that alternates with another into one epoch', () => {
    const history = follow(nights(60, (number) => (number % 2 === 1 ? { host: otherKernel } : {})))
    expect(history.epochs.map(({ runs }) => runs)).toEqual([30, 30])
  })

  it('marks what changed there, also where it is no part of the fingerprint', () => {
    const newer = { ...smallRun(['bare']).host, bench: '9.9.9' }
    const history = follow(nights(60, from(40, { host: newer, factors: { first: 1.5 } })))
    expect(history.epochs).toHaveLength(1)
    const [change] = history.changes
    expect(change?.run === 'run-40' ? change.differences : [{ name: 'bench' }]).toMatchObject([
      { name: 'bench' },
    ])
  })

  it('alarms for the newest epoch alone', () => {
    const two = (number: number) =>
      number >= 60 ? { host: otherKernel } : number >= 30 ? { factors: { first: 1.3 } } : {}
    const history = follow(nights(100, two))
    expect(history.changes.filter(({ kind }) => kind === 'driver')).toMatchObject([
      { standing: false, epoch: 0 },
    ])
  })

  it('keeps hosts of a fleet apart, and other images too', () => {
    const hosts = [...nights(30, () => ({ hostName: 'a' })), ...nights(30, () => ({ hostName: 'b' }))]
    expect(follow(hosts)).toMatchObject({ hosts: ['a', 'b'], epochs: [{ host: 'a' }, { host: 'b' }] })
    const images = nights(40, from(20, { factors: { first: 2 } })).map((run, number) => ({
      ...run,
      points: run.points.map((point) => ({ ...point, image: number < 20 ? 'one' : 'other' })),
    }))
    expect(follow(images).changes).toEqual([])
  })

  it('turns rates round: fewer operations are worse', () => {
    const runs = nights(60, from(40, { factors: { first: 0.5 } })).map((run) => ({
      ...run,
      points: run.points.map((point) => ({ ...point, cell: { ...point.cell, better: 'higher' as const } })),
    }))
    expect(follow(runs).changes).toMatchObject([
      { direction: 'worse', factor: expect.closeTo(2, 0) as number },
    ])
  })

  it('sees a rate that stopped', () => {
    const runs = nights(60, () => ({})).map((run, number) => ({
      ...run,
      points: run.points.map((point) => ({
        ...point,
        ratio: null,
        median: number >= 50 && point.cell.id === 'first' ? 0 : point.median,
        cell: { ...point.cell, better: 'higher' as const },
      })),
    }))
    expect(follow(runs).changes.map(summaryOf)).toEqual([
      { cell: 'first', kind: 'driver', direction: 'worse', run: 50, standing: true },
    ])
  })

  it('says of which cells nothing can be told yet', () => {
    const runs = nights(40, () => ({})).map((run, number) => ({
      ...run,
      points: run.points.filter(({ cell }) => cell.id !== 'third' || number >= 35),
    }))
    expect(historySentences(follow(runs)).map(({ tone, text }) => [tone, text])).toContainEqual([
      'caution',
      expect.stringMatching(
        /^1 of 4 cells have fewer runs in the newest epoch of .*: changes are seen from 10/,
      ),
    ])
  })

  it('leaves out what says nothing, with the reason', () => {
    const runs = nights(
      5,
      (number) => [{ state: 'running' }, { state: 'failed' }, { disturbed: true }, {}, {}][number] as Changes,
    )
    const history = follow([...runs, { ...(runs[4] as HistoryRun), folder: '/copy' }])
    expect(history.runs).toHaveLength(2)
    expect(history.leftOut.map(({ reason }) => reason)).toEqual([
      'the run is not over',
      'the run failed',
      'something was made slower on purpose',
      'a copy of run-4',
    ])
    expect(historySentences(history).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('has 2 runs: changes are seen from 10 runs on'),
    )
  })
})
