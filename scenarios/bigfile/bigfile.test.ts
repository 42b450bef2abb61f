import fc from 'fast-check'
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { bigfile } from './index.ts'
import type { BigfileParams } from './params.ts'

const SIZE = 256 * 1024

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<BigfileParams>> = {}) {
  const params = bigfile.params.parse({ size: '256K', ...text })
  return createFakeTrial<BigfileParams>({
    params,
    image: (writer) => {
      writer.content(BIG_FILE, ownContent(SEED, params.compressibility, BIG_FILE), params.size, 0o644)
    },
    host: createFakeHost(),
    ...script,
  })
}

const inContainer = (trial: ReturnType<typeof trialOf>) => join(trial.container().root, BIG_FILE)
const code = (value: string) => expect.objectContaining({ code: value }) as Error

describe('bigfile', () => {
  it('looks before the cache is set, and times the phases in their order', async () => {
    const trial = trialOf({})
    await bigfile.run(trial)
    expect(trial.log).toEqual([
      'time prepare',
      'time mount',
      `provenance ${BIG_FILE}`,
      `cache ${BIG_FILE}`,
      'time open',
      'time write',
      'time fsync',
      `provenance ${BIG_FILE}`,
      'time second-write',
    ])
  })

  it('changes two bytes and no other', async () => {
    const trial = trialOf({})
    const observed = await bigfile.run(trial)
    const [seen, lower] = [readFileSync(inContainer(trial)), readFileSync(join(trial.lower, BIG_FILE))]
    const changed = [...seen.keys()].filter((index) => seen[index] !== lower[index])
    expect(changed).toEqual([SIZE / 4, SIZE / 2])
    await expect(bigfile.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'copied-up',
      bytesChanged: 1,
      changed: { objects: 1, word: 'file' },
    })
  })

  const beneath: Provenance = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }

  it('on a volume changes the volume and nothing beneath it', async () => {
    const trial = trialOf({ volume: 'on' }, { after: beneath })
    const observed = await bigfile.run(trial)
    expect(trial.log).toEqual([
      'time prepare',
      'time mount',
      `provenance ${BIG_FILE}`,
      `provenance ${BIG_FILE}`,
      'volume var/lib/bench',
      `cache ${BIG_FILE}`,
      'time open',
      'time write',
      'time fsync',
      'time second-write',
    ])
    const isAsInImage = () =>
      readFileSync(inContainer(trial)).equals(readFileSync(join(trial.lower, BIG_FILE)))
    expect(isAsInImage()).toBe(false)
    await expect(bigfile.verify(trial, observed)).resolves.toMatchObject({
      mechanism: 'none',
      details: { volume: 'ext4 7:0' },
    })
    expect(trial.log).toContain('unmount volume')
    expect(isAsInImage()).toBe(true)
  })

  const undone: readonly [string, Partial<FakeTrialScript<BigfileParams>>, string][] = [
    ['that was not mounted', { after: beneath, volumeOn: null }, 'witness.volume'],
    ['above a file that was copied up', {}, 'witness.mechanism'],
  ]
  it.each(undone)('on a volume %s is refused', async (_, script, reason) => {
    const trial = trialOf({ volume: 'on' }, script)
    const observed = await bigfile.run(trial)
    await expect(bigfile.verify(trial, observed)).rejects.toThrow(code(reason))
  })

  const touches: readonly [string, string[], number | null][] = [
    ['append', ['open', 'write', 'fsync', 'second-write'], 1],
    ['truncate', ['open', 'write', 'fsync', 'second-write'], null],
    ['open', ['open', 'fsync'], null],
    ['chmod', ['write', 'fsync'], null],
    ['fraction:0.1', ['open', 'write', 'fsync'], 6 * 4096],
    ['fraction:1', ['open', 'write', 'fsync'], SIZE],
  ]
  it.each(touches)(
    'touch=%s reports what it does and foresees what the file holds',
    async (touch, own, bytes) => {
      const trial = trialOf({ touch })
      const witness = await bigfile.verify(trial, await bigfile.run(trial))
      expect(witness.bytesChanged).toBe(bytes)
      const timed = trial.log.filter((line) => line.startsWith('time ')).map((line) => line.slice(5))
      expect(timed).toEqual(['prepare', 'mount', ...own])
      const reported = bigfile.meta.phasesOf?.(trial.params)
      expect(reported).toEqual(expect.arrayContaining([...timed, 'first-write', 'umount', 'remove']))
      expect(reported).toHaveLength(timed.length + 3)
    },
  )

  it('touch=mmap stores through a mapping', async () => {
    const host = createFakeHost({
      syscalls: {
        mmapStore(_, offset, value) {
          const bytes = readFileSync(inContainer(trial))
          bytes[offset] = value
          writeFileSync(inContainer(trial), bytes)
        },
      },
    })
    const trial = trialOf({ touch: 'mmap' }, { host })
    await expect(bigfile.verify(trial, await bigfile.run(trial))).resolves.toMatchObject({
      mechanism: 'copied-up',
    })
  })

  it('catches wrong bytes in the container', async () => {
    const trial = trialOf({})
    const observed = await bigfile.run(trial)
    appendFileSync(inContainer(trial), 'x')
    await expect(bigfile.verify(trial, observed)).rejects.toThrow(code('witness.content'))
  })

  it('catches a changed lower file', async () => {
    const trial = trialOf({})
    const observed = await bigfile.run(trial)
    truncateSync(join(trial.lower, BIG_FILE), 5)
    await expect(bigfile.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
  })

  describe('after the first round', () => {
    const LATER = 3
    const flip = (path: string, offset: number) => {
      const bytes = readFileSync(path)
      bytes[offset] = (bytes[offset] ?? 0) ^ 1
      writeFileSync(path, bytes)
    }

    /** Trials of rounds 1 to 10, each with the check of what it saw. */
    function runTenRounds(script: Partial<FakeTrialScript<BigfileParams>> = {}) {
      const rounds = Array.from({ length: 10 }, async (_, index) => {
        const trial = trialOf({}, { ...script, round: index + 1 })
        const observed = await bigfile.run(trial)
        return { trial, verify: () => bigfile.verify(trial, observed) }
      })
      return Promise.all(rounds)
    }

    it.each(['byte', 'append', 'truncate', 'open', 'chmod', 'fraction:0.1', 'fraction:1'])(
      'touch=%s is proved by bytes, and the witness says so',
      async (touch) => {
        const trial = trialOf({ touch }, { round: LATER })
        const { containerHash, lowerHash, details } = await bigfile.verify(trial, await bigfile.run(trial))
        expect({ containerHash, lowerHash }).toEqual({ containerHash: null, lowerHash: null })
        expect(details).toMatchObject({ compared: 'whole', sampledShare: 0.1 })
      },
    )

    it('any wrong byte in the container is caught, and so is one too many', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(SIZE - 1), async (offset) => {
          const trial = trialOf({}, { round: LATER })
          const observed = await bigfile.run(trial)
          flip(inContainer(trial), offset)
          await expect(bigfile.verify(trial, observed)).rejects.toThrow(
            `a wrong byte at ${offset} of ${BIG_FILE}`,
          )
          flip(inContainer(trial), offset)
          appendFileSync(inContainer(trial), 'x')
          await expect(bigfile.verify(trial, observed)).rejects.toThrow(code('witness.content'))
        }),
        { numRuns: 5 },
      )
    })

    it('of what lies where the image’s lies a tenth is looked at, and what was changed', async () => {
      const shared = [{ offset: 0, length: SIZE / 2 }]
      const ran = await runTenRounds({ shared })
      const caught = async ({ trial, verify }: (typeof ran)[number], offset: number) => {
        flip(inContainer(trial), offset)
        const error = await verify().catch((thrown: unknown) => thrown)
        flip(inContainer(trial), offset)
        return error instanceof Error
      }
      const { details } = (await ran[0]?.verify()) ?? {}
      expect(details).toMatchObject({ compared: 'own-ranges', sampledShare: 0.1 })
      expect(details?.['containerBytesCompared']).toBeLessThan(0.7 * SIZE)
      for (const [offset, rounds] of [
        [SIZE / 2 + 1, 10],
        [SIZE / 4, 10],
        [SIZE / 8, 1],
      ] as const) {
        let count = 0
        for (const one of ran) count += Number(await caught(one, offset))
        expect(count, `a wrong byte at ${offset}`).toBe(rounds)
      }
    })

    it.each([SIZE / 2, SIZE / 4])(
      'a change at %i that leaks into the image is caught at once',
      async (at) => {
        const trial = trialOf({}, { round: LATER })
        const observed = await bigfile.run(trial)
        flip(join(trial.lower, BIG_FILE), at)
        await expect(bigfile.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
      },
    )

    it('a wrong byte anywhere in the image is caught within ten rounds', async () => {
      const ran = await runTenRounds()
      await fc.assert(
        fc.asyncProperty(fc.nat(SIZE - 1), async (offset) => {
          const caught: boolean[] = []
          for (const { trial, verify } of ran) {
            flip(join(trial.lower, BIG_FILE), offset)
            caught.push(
              await verify().then(
                () => false,
                () => true,
              ),
            )
            flip(join(trial.lower, BIG_FILE), offset)
          }
          expect(caught).toContain(true)
        }),
        { numRuns: 5 },
      )
    })
  })

  const planted: Provenance = { layer: 'upper', sharedBytes: 0, exclusiveBytes: SIZE }
  const cases: readonly [string, Partial<FakeTrialScript<BigfileParams>>][] = [
    ['a planted file', { before: planted }],
    ['a missing copy', { after: { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 } }],
    ['a copy that never reached the device', { bytesWritten: 4096 }],
    ['a copy by a driver that claims to have none', { cowUnit: 'none' }],
  ]
  it.each(cases)('catches %s', async (_, script) => {
    const trial = trialOf({}, script)
    await expect(bigfile.verify(trial, await bigfile.run(trial))).rejects.toThrow(code('witness.mechanism'))
  })

  it('names its cells as a person does', () => {
    const label = (text: Record<string, string>) => bigfile.label(bigfile.params.parse(text))
    expect(label({})).toBe('256 MiB')
    expect(label({ size: '1G', touch: 'fraction:0.50', depth: '31' })).toBe('1 GiB, fraction:0.5, 32 layers')
  })

  it.each([
    { size: '4K' },
    { touch: 'fraction:2' },
    { touch: 'fraction' },
    { touch: 'poke' },
    { depth: '-1' },
    { compressibility: '0.5' },
    { colour: 'red' },
  ])('refuses %o', (given: Record<string, string>) => {
    expect(bigfile.params.safeParse(given).success).toBe(false)
  })

  it('puts the file below as many layers as asked for', () => {
    const image = bigfile.image(bigfile.params.parse({ size: '1M', depth: '2' }), SEED)
    expect(image.id).toMatch(/^bigfile-1M-3-/)
    expect(image.layers).toHaveLength(3)
    expect(image.layers[0]?.bytes).toBeGreaterThan(1024 ** 2)
  })
})
