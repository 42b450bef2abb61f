/**
 * The suite that every driver passes on real mounts. What differs between drivers comes from their `meta`:
 * from the unit of copy-on-write, and from the limits that they declare.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Driver, DriverConfig, Support } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import type { Check, Checks } from './checks/check.ts'
import { contentChecks } from './checks/contents.ts'
import { evidenceChecks } from './checks/evidence.ts'
import { largeFileChecks } from './checks/large-files.ts'
import { layerChecks } from './checks/layers.ts'
import { lifecycleChecks } from './checks/lifecycle.ts'
import { nameChecks } from './checks/names.ts'
import { REQUIRE_SUPPORT } from '../../harness/testing/lab/require-support.ts'
import { DEAR, EVERY_CONFIGURATION } from './every-configuration.ts'
import { openFixture } from './fixture.ts'
import { hangingOn } from './leftovers.ts'
import { createScratch, type TestScratch } from './scratch.ts'
import { openStore, type TestStore } from './store.ts'

export const checks: Checks = {
  ...contentChecks,
  ...largeFileChecks,
  ...nameChecks,
  ...layerChecks,
  ...lifecycleChecks,
  ...evidenceChecks,
}

/** 120 commits of an engine on a busy machine. */
const DEAR_MILLISECONDS = 600_000

/** States why the driver may be unsupported here; otherwise an unsupported driver fails the suite. */
export interface Expectation {
  unsupported?: { code: string; because: string }
  /** Checks that take minutes here; they run with `BENCH_TEST_ENGINES=all`. */
  dear?: readonly string[]
}

/** Registers the suite for each configuration. */
export function snapshotterSuite<Options>(
  driver: Driver<Options>,
  configs: readonly DriverConfig<Options>[],
  expectation: Expectation = {},
): void {
  for (const config of configs) {
    describe(config.text, async () => {
      const host = testHost()
      const support = await driver.probe(host, config)
      if (expectedToFail(support, expectation)) {
        test(`is unsupported here, as expected: ${expectation.unsupported?.because}`, () => {
          expect(support).toMatchObject({
            ok: false,
            reason: expect.stringMatching(/\S/),
            hint: expect.stringMatching(/\S/),
          })
        })
      } else {
        test('is supported here', () => expect(support).toMatchObject({ ok: true }))
        if (support.ok) suiteOf(host, driver, config, EVERY_CONFIGURATION ? [] : (expectation.dear ?? []))
      }
    })
  }
}

/** Not in a machine that is there for the driver's sake. */
function expectedToFail(support: Support, { unsupported }: Expectation): boolean {
  if (process.env[REQUIRE_SUPPORT] !== undefined) return false
  return !support.ok && support.code === unsupported?.code
}

function suiteOf<Options>(
  host: Host,
  driver: Driver<Options>,
  config: DriverConfig<Options>,
  dear: readonly string[],
): void {
  const limits = new Map(driver.meta.limits?.(config).map(({ check, reason }) => [check, reason]))
  let scratch: TestScratch
  let store: TestStore
  let before: string[]

  beforeAll(async () => {
    scratch = createScratch(host)
    before = hangingOn(scratch)
    store = await openStore(host, driver, config, scratch)
    return () => store[Symbol.asyncDispose]()
  })

  test('every declared limit names a check', () => {
    const unknown = [...limits.keys(), ...dear].filter((name) => !(name in checks))
    expect(unknown, 'meta.limits names checks that drivers/testsuite/checks does not have').toEqual([])
  })

  test('the store names its device', () => {
    expect(store.snapshotter.store.devices).toContain(scratch.device)
  })

  for (const [name, check] of Object.entries(checks)) {
    if (dear.includes(name)) continue
    const reason = limits.get(name)
    if (reason === undefined) test(name, () => expectPasses(check, store), limitOf(driver, name))
    else {
      test(`cannot: ${name} (${reason})`, async () => {
        expect(await failureOf(check, store), 'the limit is gone: no longer declare it').not.toBeNull()
      })
    }
  }

  test('disposing releases everything', async () => {
    expect(hangingOn(scratch)).not.toEqual(before)
    await store.snapshotter[Symbol.asyncDispose]()
    expect(hangingOn(scratch)).toEqual(before)
  })
}

/** Returns the milliseconds that a check may take: an engine needs minutes for 120 commits. Undefined: as any test. */
function limitOf<Options>({ meta }: Driver<Options>, name: string): number | undefined {
  return meta.engine !== undefined && DEAR.includes(name) ? DEAR_MILLISECONDS : undefined
}

async function expectPasses(check: Check, store: TestStore): Promise<void> {
  const error = await failureOf(check, store)
  if (error !== null) throw error
}

/** Returns what the check threw, after removing everything that it made. */
async function failureOf(check: Check, store: TestStore): Promise<Error | null> {
  const fixture = openFixture(store)
  try {
    await check(fixture)
    return null
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    await fixture.release()
  }
}
