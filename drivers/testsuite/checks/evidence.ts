/** The witness's evidence: where a file's bytes lie before and after its first change. */
import { statSync } from 'node:fs'
import { expect } from 'vitest'
import type { CowUnit } from '../../../harness/contracts/driver.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import { BIG_SIZE } from '../image.ts'
import type { Fixture } from '../fixture.ts'
import { writeAt, type Checks } from './check.ts'

type Expectation = (before: Provenance, after: Provenance) => void

const EXPECTED: Readonly<Record<CowUnit, Expectation>> = {
  file(before, after) {
    expect(before.layer).toBe('lower')
    expect(after.layer).toBe('upper')
    if (after.exclusiveBytes === null) return
    expect(after.exclusiveBytes).toBeGreaterThan(0)
    expect(after.exclusiveBytes + (after.sharedBytes ?? 0)).toBeGreaterThanOrEqual(BIG_SIZE)
  },
  block: sharesTheRest,
  extent: sharesTheRest,
  none(before, after) {
    expect(before.layer).toBe('own')
    expect(after.layer).toBe('own')
  },
}

/** One changed byte makes some blocks the container's own, and by far not the whole file. */
function sharesTheRest(before: Provenance, after: Provenance): void {
  expect(before.layer).toBe('shared')
  expect(after.layer).toBe('shared')
  if (before.exclusiveBytes === null || after.exclusiveBytes === null) return
  const grown = after.exclusiveBytes - before.exclusiveBytes
  expect(grown).toBeGreaterThan(0)
  expect(grown).toBeLessThan(BIG_SIZE)
}

async function tellsTheFirstChange(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const provenance = () => fixture.snapshotter.provenance(container.key, 'data/big')
  await fixture.snapshotter.settle()
  const before = await provenance()
  writeAt(container.path('data/big'), BIG_SIZE / 2, 'x')
  EXPECTED[fixture.meta.cowUnit](before, await provenance())
}

/** Else a container whose blocks were written beforehand would pass for a fresh one. */
async function tellsASecondChange(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const exclusive = async () =>
    (await fixture.snapshotter.provenance(container.key, 'data/big')).exclusiveBytes
  writeAt(container.path('data/big'), BIG_SIZE / 2, 'x')
  const once = await exclusive()
  writeAt(container.path('data/big'), BIG_SIZE / 2, 'y')
  expect(await exclusive()).toBe(once)
}

/** Checks that the file beneath a file holds its bytes, or the whole file system that they lie in. */
async function tellsWhatLiesBeneath(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  const beneathOf = await fixture.snapshotter.backingCacheFiles?.(container.key)
  for (const path of beneathOf?.('data/big') ?? []) {
    expect(statSync(path).size).toBeGreaterThanOrEqual(BIG_SIZE)
  }
}

/** A store that mounts otherwise than it was asked to would be measured as what it is not. */
async function isMountedAsAskedFor(lab: Fixture): Promise<void> {
  await lab.container(await lab.image())
  const condition = await lab.snapshotter.condition?.()
  expect(condition?.failure).toBeUndefined()
}

export const evidenceChecks: Checks = {
  'provenance before and after the first change': tellsTheFirstChange,
  "a second change of the same block makes nothing further of the file the container's own":
    tellsASecondChange,
  'what lies beneath a file': tellsWhatLiesBeneath,
  'a container is mounted as it was asked for': isMountedAsAskedFor,
}
