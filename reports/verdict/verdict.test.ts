import { describe, expect, it } from 'vitest'
import type { Run, Sample } from '../../harness/contracts/run.ts'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { verdict } from './verdict.ts'

function sentences(run: Run, samples: Sample[]): string[] {
  return verdict(summarize(run, samples)).map(({ text }) => text)
}

/** One sample a round of each driver, from its times of `open` and `sync`. */
function measured(
  times: Record<string, readonly (readonly [open: number, sync: number])[]>,
): [Run, Sample[]] {
  const run = smallRun(Object.keys(times))
  const samples = Object.entries(times).flatMap(([driver, rounds]) =>
    rounds.map(([open, sync], round) => smallSample(`${driver}|`, round, { open, sync })),
  )
  return [run, samples]
}

const six = (open: number, sync: number, spread = 0.01) =>
  [1, 2, 3, 4, 5, 6].map((round) => [open * (1 + spread * (round % 3)), sync] as const)

describe('verdict', () => {
  it('says of a realistic run what a person needs to decide', () => {
    const { run, samples } = fixtureRun()
    expect(sentences(run, samples)).toEqual([
      'Changing one byte of a 256 MiB file (first write): btrfs 1.36 ms, overlay2@xfs+reflink=off 287 ms, 213× slower.',
      'Against a plain directory on the same file system: btrfs 1.03× (0.88 – 1.11, no difference shown) and overlay2@xfs+reflink=off 220× (198 – 273).',
      'From 16 MiB up (first write): overlay2@ext4 (exponent 0.99) and overlay2@xfs+reflink=off (exponent 0.98) grow with the size; overlay2@xfs, btrfs, vfs@ext4 and blockcow stay flat.',
      'vfs@ext4 pays in prepare: 1.21 s, beside 1.11 ms in first-write (Changing one byte of a large file, 256 MiB).',
      'Appending one byte to each of 2,000 files (appended and durable): blockcow 85.0 ms, overlay2@xfs+reflink=off 161 ms, 1.88× slower.',
      'Against a plain directory on the same file system: blockcow 1.12× (1.04 – 1.25) and overlay2@xfs+reflink=off 2.14× (1.87 – 2.36).',
      'vfs@ext4 pays in prepare: 413 ms, beside 74.4 ms in append-durable (Many small writes, append-many, 2,000 files).',
      'Random 4 KiB writes to a 256 MiB file (first touch, rate): vfs@ext4 8,385 IOPS, overlay2@xfs+reflink=off 1,728 IOPS, 5.02× less.',
      'Against a plain directory on the same file system: vfs@ext4 1.04× (0.94 – 1.11, no difference shown) and overlay2@xfs+reflink=off 0.20× (0.17 – 0.23).',
      'Starting a container, small image, 8 layers (prepare to ready): overlay2@xfs 28.6 ms, vfs@ext4 467 ms, 16.7× slower.',
      'Against a plain directory on the same file system: overlay2@xfs 0.99× (0.89 – 1.04, no difference shown) and vfs@ext4 15.6× (14.3 – 17.1).',
      'Could not run here: devicemapper@ext4 (this kernel has no device mapper).',
      'Failed: blockcow in startup. The reasons are below.',
      '11 of 540 samples did not complete. They are counted, not measured.',
    ])
  })

  it('tells what a single driver takes and what it is of its control', () => {
    expect(sentences(...measured({ control: six(1, 0), a: six(3, 0) })).slice(0, 2)).toEqual([
      'Work (all of it, cold cache): a 3.03 s.',
      'Against a plain directory on the same file system: a 3.00× (3.00 – 3.00).',
    ])
  })

  it('shows no difference where the interval of the ratio includes 1', () => {
    const near = [1.1, 0.9, 1.05, 0.95, 1.02, 0.98].map((open) => [open, 0] as const)
    const [first] = sentences(...measured({ control: six(1, 0), a: six(1, 0, 0), b: near }))
    expect(first).toMatch(/no difference shown\.$/)
  })

  it('shows a difference that every round has, though the medians’ intervals overlap', () => {
    const drifting = [1, 2, 3, 4, 5, 6].map((round) => [round, 0] as const)
    const slower = drifting.map(([open]) => [open * 1.1, 0] as const)
    const [first] = sentences(...measured({ control: drifting, a: drifting, b: slower }))
    expect(first).toMatch(/1\.10× slower\.$/)
  })

  it('does not claim a difference from one round', () => {
    const [first, , ...rest] = sentences(...measured({ control: [[1, 0]], a: [[1, 0]], b: [[9, 0]] }))
    expect(first).toMatch(/no difference shown\.$/)
    expect(rest.at(-1)).toMatch(/A quick look: 1 round, .* one round has no interval\./)
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
    ['running', 'This run has not ended'],
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
