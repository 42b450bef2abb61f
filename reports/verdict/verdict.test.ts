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

describe('verdict', () => {
  it('says of a realistic run what a person needs to decide', () => {
    const { run, samples } = fixtureRun()
    expect(sentences(run, samples)).toEqual([
      '35 ratios to a control: 21 show a difference and 14 show none; 9 known to ± 8 %, 26 unconverged.',
      'Changing one byte of a 256 MiB file (first write): btrfs 1.36 ms, overlay2@xfs+reflink=off 285 ms, 213× slower (193 – 223).',
      'Against a plain directory on the same file system: btrfs 1.03× (0.91 – 1.10; no difference shown; differences under 20 % would not have been seen; unconverged: ± 9.3 %) and overlay2@xfs+reflink=off 228× (206 – 244; unconverged: ± 10 %).',
      'From 16 MiB up (first write): overlay2@ext4 (exponent 0.98, 0.96 – 0.99) and overlay2@xfs+reflink=off (exponent 0.97, 0.95 – 0.99) grow with the size; overlay2@xfs, btrfs, vfs@ext4 and blockcow stay flat.',
      'vfs@ext4 pays in prepare: 1.21 s, beside 1.10 ms in first-write (Changing one byte of a large file, 256 MiB).',
      'Appending one byte to each of 2,000 files (appended and durable): blockcow 85.0 ms, overlay2@xfs+reflink=off 159 ms, 1.85× slower (1.79 – 1.96).',
      'Against a plain directory on the same file system: blockcow 1.11× (1.09 – 1.16) and overlay2@xfs+reflink=off 2.11× (1.97 – 2.29).',
      'vfs@ext4 pays in prepare: 409 ms, beside 73.0 ms in append-durable (Many small writes, append-many, 2,000 files).',
      'Random 4 KiB writes to a 256 MiB file (first touch, rate): vfs@ext4 8,272 IOPS, overlay2@xfs+reflink=off 1,728 IOPS, 4.84× less (4.57 – 5.23).',
      'Against a plain directory on the same file system: vfs@ext4 1.01× (0.94 – 1.09; no difference shown; differences under 18 % would not have been seen; unconverged: ± 8.0 %) and overlay2@xfs+reflink=off 0.20× (0.20 – 0.21; unconverged: ± 11 %).',
      'Starting a container, small image, 8 layers (prepare to ready): overlay2@xfs 28.8 ms, vfs@ext4 461 ms, 16.0× slower (14.8 – 17.6; unconverged: ± 12 %).',
      'Against a plain directory on the same file system: overlay2@xfs 1.02× (0.93 – 1.04; no difference shown; differences under 17 % would not have been seen; unconverged: ± 6.6 %) and vfs@ext4 15.5× (14.6 – 16.9; unconverged: ± 12 %).',
      'Could not run here: devicemapper@ext4 (this kernel has no device mapper).',
      'Failed: blockcow in startup. The reasons are below.',
      '1 cell with more than one mode: see the modes beside the median.',
      '2 cells whose figures drift over the run.',
      '13 of 648 samples did not complete. They are counted, not measured.',
    ])
  })

  it('tells what a single driver takes and what it is of its control', () => {
    expect(findings(...measured({ control: six(1, 0), a: six(3, 0) }))).toEqual([
      'Work (all of it, cold cache): a 3.03 s.',
      'Against a plain directory on the same file system: a 3.00× (3.00 – 3.00).',
    ])
  })

  it('shows no difference where the interval of the ratio includes 1, and says how far it could see', () => {
    const near = Array.from({ length: 12 }, (_, round) => [1 + ((round * 5) % 7) / 50 - 0.06, 0] as const)
    const level = near.map((_, round) => [1 + (round % 2) / 1000, 0] as const)
    const [first, second] = findings(...measured({ control: level, a: level, b: near }))
    expect(first).toMatch(/no difference shown; differences under \d+(\.\d)? % would not have been seen\.$/)
    expect(second).toMatch(
      /b 1\.00× \(.*; no difference shown; differences under .* would not have been seen/,
    )
  })

  it('shows a difference that every round has, though the medians’ intervals overlap', () => {
    const drifting = Array.from({ length: 8 }, (_, round) => [round + 1, 0] as const)
    const slower = drifting.map(([open]) => [open * 1.1, 0] as const)
    const [first] = findings(...measured({ control: drifting, a: drifting, b: slower }))
    expect(first).toMatch(/1\.10× slower \(1\.10 – 1\.10\)\.$/)
  })

  it.each([1, 2, 5])('claims no difference from %i rounds, however large', (rounds) => {
    const times = (open: number) => Array.from({ length: rounds }, () => [open, 0] as const)
    const [first, second] = findings(...measured({ control: times(1), a: times(1), b: times(9) }))
    expect(first).toMatch(/9\.00× as measured, too few rounds to tell\.$/)
    expect(second).toMatch(/b 9\.00× \(.*too few rounds to tell/)
  })

  it('claims nothing that is not shown, in any of its sentences', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 1000 }), (rounds, seed) => {
        const { run, samples } = fixtureRun({ rounds, seed, scenarios: ['startup'] })
        const summary = summarize(run, samples)
        const claims = verdict(summary).filter(({ text }) => /slower|× less/.test(text))
        const shown = summary.panels.filter(({ extremes }) => extremes?.ratio?.verdict === 'different')
        expect(claims).toHaveLength(shown.length)
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

  it('marks what is unconverged with how well it is known', () => {
    const scattered = Array.from({ length: 12 }, (_, round) => [3 * (1 + (round % 5) / 4), 0] as const)
    const [, tax] = findings(...measured({ control: scattered.map(() => [1, 0] as const), a: scattered }))
    expect(tax).toMatch(/unconverged: ± \d+ %\)\.$/)
    const steady = scattered.map(() => [3, 0] as const)
    const [, known] = findings(...measured({ control: steady.map(() => [1, 0] as const), a: steady }))
    expect(known).not.toContain('unconverged')
  })

  it('says how many rounds a difference takes, where there were too few', () => {
    const { run, samples } = fixtureRun({ rounds: 10 })
    expect(sentences(run, samples)).toContain(
      '35 ratios judged together can show a difference from 11 rounds on.',
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

  it('calls fewer than ten rounds a quick look, with what its intervals cover', () => {
    const { run, samples } = fixtureRun({ rounds: 5 })
    expect(sentences(run, samples)).toContain(
      'A quick look: 5 rounds, of at least 10 for a result; its intervals cover the median with 93.8 %.',
    )
    const ten = fixtureRun({ rounds: 10 })
    expect(sentences(ten.run, ten.samples).join()).not.toContain('quick look')
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
