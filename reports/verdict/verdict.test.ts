import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { verdict } from './verdict.ts'

function sentences(run: Run, samples: Sample[]): string[] {
  return verdict(summarize(run, samples)).map(({ text }) => text)
}

/** Sentences about what was measured. */
function findings(run: Run, samples: Sample[]): string[] {
  return verdict(summarize(run, samples)).flatMap(({ tone, text }) => (tone === 'finding' ? [text] : []))
}

/** One sample a round of each configuration, from its times of `open` and `sync`. */
function measured(
  times: Record<string, readonly (readonly [open: number, sync: number])[]>,
): [Run, Sample[]] {
  const run = smallRun(Object.keys(times))
  const samples = Object.entries(times).flatMap(([configuration, rounds]) =>
    rounds.map(([open, sync], round) => smallSample(`${configuration}|`, round, { open, sync })),
  )
  return [run, samples]
}

const six = (open: number, sync: number, spread = 0.01) =>
  [1, 2, 3, 4, 5, 6].map((round) => [open * (1 + spread * (round % 3)), sync] as const)

/** Returns `avoid NAME` for each name in `Avoid a and b (at least 2×); c and 3 others (at least 1.1×).` */
function avoidedIn(text: string): string[] {
  const avoided = text.split('\n').flatMap((line) => line.split('Avoid ').slice(1))
  return avoided
    .flatMap((part) => [...part.matchAll(/(?:^|\); )([^()]*) \(at least/g)])
    .flatMap(([, names = '']) => names.split(/, | and /))
    .filter((name) => !/^\d+ others?$/.test(name))
    .map((name) => `avoid ${name}`)
}

/** Returns `NAME cheaper` for `best: NAME 3 ms (at least 2× cheaper than a plain directory)`. */
function besideControlIn(text: string): string[] {
  const claims = text.matchAll(/(\S+) \S+ \S+ \(at least \S+ (\w+) than a plain directory/g)
  return [...claims].map(([, name, is]) => `${name} ${is}`)
}

describe('verdict', () => {
  it('says of a realistic run what a person needs to decide', () => {
    const { run, samples } = fixtureRun()
    expect(sentences(run, samples)).toEqual([
      'Changing one byte of a 256 MiB file: btrfs is best so far (1.36 ms); overlay2@xfs is not known yet. Avoid vfs@ext4 (at least 830× the best; paid in prepare); overlay2@xfs+reflink=off and overlay2@ext4 (at least 160×; copies whole files: 256 MiB written for 1 B changed).',
      'Appending one byte to each of 2,000 files: blockcow is best (85.0 ms); of those that engines ship overlay2@xfs (131 ms). Avoid vfs@ext4 (at least 4.4× the best; paid in prepare).',
      'Random 4 KiB writes to a 256 MiB file: vfs@ext4 is best (8,272 IOPS). Avoid overlay2@xfs+reflink=off and overlay2@ext4 (at least 4.2× the best; copies whole files); overlay2@xfs (at least 1.95×; clones whole files).',
      'Starting a container, small image, 8 layers: overlay2@xfs is best so far (28.8 ms); btrfs, overlay2@ext4 and overlay2@xfs+reflink=off are not known yet. Avoid vfs@ext4 (at least 14× the best; mostly in prepare).',
      'From 16 MiB up (first write): overlay2@ext4 (exponent 0.98, 0.96 – 0.99) and overlay2@xfs+reflink=off (exponent 0.97, 0.95 – 0.99) grow with the size; overlay2@xfs, btrfs, vfs@ext4 and blockcow stay flat.',
      '12 rounds. Of 35 comparisons with a control: 21 dearer, 1 about the same and 13 not known yet; half of them would be in about 5 more rounds, 3 min.',
      'Could not run here: devicemapper@ext4 (this kernel has no device mapper).',
      'Failed: blockcow in startup (runc ended with code 1).',
      'Read with care: 2 cells whose two tests disagree; 1 cell with more than one mode; 2 cells whose figures drift over the run; 13 of 648 samples did not complete.',
    ])
  })

  it('tells what a single driver takes, and what it costs beside its control', () => {
    expect(findings(...measured({ control: six(1, 0), a: six(3, 0) }))).toEqual([
      'Work, cold cache: a takes 3.03 s, at least 3× dearer than a plain directory (mostly in open).',
    ])
  })

  it('says of the best rate what is paid for it besides', () => {
    const run = smallRun(['control', 'copying', 'stacking'])
    const phases = [
      { id: 'open', title: 'Open', unit: 's' as const, better: 'lower' as const },
      { id: 'all', title: 'Rate', unit: 'iops' as const, better: 'higher' as const, headline: true },
    ]
    const scenarios = run.scenarios.map((scenario) => ({ ...scenario, phases }))
    const samples = [0, 1, 2].flatMap((round) => [
      smallSample('copying|', round, { open: 0.19, all: 3000 }),
      smallSample('stacking|', round, { open: 0.001, all: 300 }),
    ])
    expect(findings({ ...run, scenarios }, samples)[0]).toMatch(
      /copying is best[^;]*; copying pays 190 ms in open, where the cheapest takes 1\.00 ms[.;]/,
    )
  })

  it('gives no difference of a noise that hides it, and says that it is not known yet', () => {
    const near = Array.from({ length: 12 }, (_, round) => [1 + ((round * 5) % 7) / 20 - 0.1, 0] as const)
    const level = near.map((_, round) => [1 + (round % 2) / 1000, 0] as const)
    const [first] = findings(...measured({ control: level, a: level, b: near }))
    expect(first).toMatch(/ [ab] is best so far \(.*; [ab] is not known yet\.$/)
  })

  it('shows a difference that every round has, though the medians’ intervals overlap', () => {
    const drifting = Array.from({ length: 8 }, (_, round) => [round + 1, 0] as const)
    const slower = drifting.map(([open]) => [open * 2.5, 0] as const)
    const [first] = findings(...measured({ control: drifting, a: drifting, b: slower }))
    expect(first).toMatch(
      / a is best \(4\.50 s, about the same as a plain directory\)\. Avoid b \(at least 2\.5× the best; mostly in open\)\.$/,
    )
  })

  it('claims no difference from one round, however large', () => {
    const times = (open: number) => [[open, 0] as const]
    const [first] = findings(...measured({ control: times(1), a: times(1), b: times(9) }))
    expect(first).toMatch(/ a is best so far \(1\.00 s\); b is not known yet\.$/)
  })

  it('claims nothing that is not shown, in any of its sentences', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 1000 }), (rounds, seed) => {
        const { run, samples } = fixtureRun({ rounds, seed, scenarios: ['startup'] })
        const summary = summarize(run, samples)
        const texts = findings(run, samples).join('\n')
        const shown = summary.panels.flatMap(({ standings }) =>
          standings.flatMap(({ cell, toBest }) => [
            ...(toBest?.answer.is === 'dearer' ? [`avoid ${cell.cell.configuration}`] : []),
            `${cell.cell.configuration} ${cell.ratio?.answer.is}`,
          ]),
        )
        expect(shown).toEqual(expect.arrayContaining([...avoidedIn(texts), ...besideControlIn(texts)]))
      }),
      { numRuns: 20 },
    )
  })

  it('tells growth with its interval, and nothing of what scatters too much', () => {
    const sizes = ['16M', '64M', '256M'].map((size) => ({ size }))
    const run = smallRun(['control', 'steady', 'wild'], sizes)
    const samples = sizes.flatMap(({ size }, nth) =>
      Array.from({ length: 12 }, (_, round) => [
        smallSample(`steady|${size}`, round, { open: 4 ** nth * (1 + (round % 3) / 50), sync: 0 }),
        smallSample(`wild|${size}`, round, { open: 30 ** (((round * 5 + nth) % 7) / 7), sync: 0 }),
      ]).flat(),
    )
    expect(findings(run, samples).at(-1)).toMatch(
      /steady \(exponent 1\.00, 1\.00 – 1\.00\) grows with the size; wild \(exponent -?0\.\d\d, .*\) scatters too much to tell\.$/,
    )
  })

  it('says before anything else that a delay was injected and the disk disturbed, and what came of it', () => {
    const { run, samples } = fixtureRun({
      configurations: ['bare@ext4', 'overlay2@ext4', 'overlay2@ext4#again', 'overlay2@ext4#delayed'],
      scenarios: ['startup'],
    })
    run.options.load = 'disk'
    const told = verdict(summarize(run, samples))
    expect(told.slice(0, 2)).toMatchObject([
      { tone: 'alarm', text: 'Delay injected on purpose: overlay2@ext4#delayed 5 %.' },
      { tone: 'alarm', text: 'A second process disturbed the disk on purpose all the while.' },
    ])
    const text = told.map((sentence) => sentence.text).join('\n')
    expect(text).toMatch(/overlay2@ext4#again against its equal, overlay2@ext4: /)
    expect(text).toMatch(
      /overlay2@ext4#delayed against its equal, overlay2@ext4, with a delay injected: 5 %: /,
    )
    expect(text).not.toMatch(/plain directory.*#/)
  })

  it('counts the answers, and names a margin that is not the usual one', () => {
    const { run, samples } = fixtureRun({ rounds: 3 })
    run.options.same = 0.2
    expect(sentences(run, samples).join('\n')).toMatch(
      /^3 rounds\. Of 35 comparisons with a control: \d+ dearer.* and \d+ not known yet.*; about the same: within 20 %\.$/m,
    )
  })

  it.each([
    ['interrupted', 'This run was interrupted'],
    ['running', 'This run has not finished'],
    ['failed', 'This run failed'],
  ] as const)('begins with the state of a run that is %s', (state, words) => {
    const { run, samples } = fixtureRun({ state, rounds: 2 })
    const [first] = verdict(summarize(run, samples))
    expect(first?.tone).toBe('state')
    expect(first?.text).toContain(words)
  })

  it('compares nothing where nothing was measured, and does not fail', () => {
    const { run } = fixtureRun({ state: 'interrupted' })
    expect(sentences(run, []).join(' ')).toMatch(/0 of 60 cells have samples, 0 samples in all/)
    expect(verdict(summarize(run, [])).some(({ tone }) => tone === 'finding')).toBe(false)
  })
})
