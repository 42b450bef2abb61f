import { describe, expect, it, test } from 'vitest'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { Mechanism } from '../../harness/contracts/witness.ts'
import { claimsRun, IMAGE_BYTES, type ClaimedCell } from '../testing/claims-run.ts'
import { judgeClaims } from './judge.ts'
import { claims } from './list/index.ts'
import { countsText } from './verdicts.ts'

const MIB = 1024 ** 2
const BYTE = { size: '64M', touch: 'byte', volume: 'off', depth: '7' }

/** Judges one claim by a run of these cells. */
function judge(id: string, cells: readonly ClaimedCell[], rounds = 4) {
  const { run, samples } = claimsRun(cells, rounds)
  const [row] = judgeClaims(
    claims.filter((claim) => claim.id === id),
    run,
    samples,
  )
  if (row === undefined) throw new Error(`there is no claim ${id}`)
  return row
}

const witnessed = (mechanism: Mechanism, details = {}): Pick<Sample, 'witness'> => ({
  witness: {
    mechanism,
    before: null,
    after: null,
    containerHash: null,
    lowerHash: null,
    bytesChanged: null,
    details,
  },
})

/** A cell of bigfile whose samples grew the store by this. */
function bigfile(
  configuration: string,
  bytes: number | ((round: number) => number),
  mechanism: Mechanism,
  rest: Partial<ClaimedCell> = {},
): ClaimedCell {
  const of = typeof bytes === 'number' ? () => bytes : bytes
  return {
    configuration,
    scenario: 'bigfile',
    params: BYTE,
    sample: (round) => ({ allocated: { bytes: of(round), inodes: null }, ...witnessed(mechanism) }),
    ...rest,
  }
}

describe('claims', () => {
  test('have ids of their own that fit a command line, a sentence, and an address of their source', () => {
    const ids = claims.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, says, source, parts } of claims) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(says).toMatch(/\.$/)
      expect(source.url).toMatch(/^https:\/\//)
      expect(parts.length).toBeGreaterThan(0)
    }
  })

  test('are all not testable, each with its reason, by a run that measured nothing of them', () => {
    const { run } = claimsRun([])
    for (const { verdict, text } of judgeClaims(claims, run, [])) {
      expect(verdict).toBe('not-testable')
      expect(text).toMatch(/^Not testable here because .+\.$/)
    }
  })
})

describe('a claim by counters', () => {
  const id = 'overlay-copies-the-whole-file'
  const copied = bigfile('overlay2@ext4', 64 * MIB, 'copied-up')

  it('is true where every sample says so', () => {
    expect(judge(id, [copied])).toMatchObject({ verdict: 'true', condition: null })
  })

  it('is true only if, where another configuration differs', () => {
    const row = judge(id, [copied, bigfile('overlay2@xfs', 8192, 'cloned')])
    expect(row).toMatchObject({ verdict: 'only-if', condition: expect.stringContaining('cannot clone') })
    expect(row.text).toBe(
      'For one byte of a 64 MiB file overlay2@ext4 took 64 MiB (copied up in all 4 samples); ' +
        'overlay2@xfs took 8 KiB (cloned in all 4 samples).',
    )
  })

  it('is false where no sample says so', () => {
    expect(judge(id, [bigfile('overlay2@ext4', 8192, 'cloned')]).verdict).toBe('false')
  })

  it('is not shown where samples contradict each other', () => {
    const mixed = bigfile('overlay2@ext4', (round) => (round === 0 ? 8192 : 64 * MIB), 'copied-up')
    expect(judge(id, [mixed]).verdict).toBe('not-shown')
  })

  it('is not testable where the cell could not run, with what would help', () => {
    const { sample: _, ...absent } = bigfile('overlay2@ext4', 0, 'none')
    const row = judge(id, [absent])
    expect(row).toMatchObject({
      verdict: 'not-testable',
      text: 'Not testable here because overlay2@ext4 did not run: this kernel has no such thing; boot another.',
    })
  })

  it('is not testable by a single sample, and by samples that lack the counter', () => {
    expect(judge(id, [copied], 1).verdict).toBe('not-testable')
    const uncounted = { ...copied, sample: () => ({ allocated: null, ...witnessed('copied-up') }) }
    expect(judge(id, [uncounted]).text).toContain('does not tell what its store has grown by')
  })

  it('hints at the lab for what a machine of it has', () => {
    const row = judge('devicemapper-shares-no-page-cache', [
      {
        configuration: 'devicemapper@ext4',
        scenario: 'density',
        params: { containers: '10', files: '16', size: '1M' },
      },
    ])
    expect(row.text).toContain('bench lab up')
  })

  it('of vfs needs a copy of the whole image', () => {
    const vfs = (bytes: number) =>
      judge('vfs-needs-no-copy-up', [
        bigfile('vfs@ext4', bytes, 'none', {
          sample: () => ({
            allocated: { bytes, inodes: null },
            phases: { prepare: 1, 'first-write': 0.001 },
            ...witnessed('none'),
          }),
        }),
      ]).verdict
    expect(vfs(IMAGE_BYTES)).toBe('true')
    expect(vfs(0)).toBe('false')
  })
})

describe('ten containers', () => {
  const density = (configuration: string, copies: number, disk: number): ClaimedCell => ({
    configuration,
    scenario: 'density',
    params: { containers: '10', files: '16', size: '1M' },
    sample: () => ({
      phases: { copies, 'cache-more': ((copies - 1) / 9) * 16 * MIB, 'disk-more': disk },
    }),
  })
  const id = 'ten-containers-share-one-copy'

  it('share only on drivers that share both', () => {
    const row = judge(id, [
      density('overlay2@ext4', 1, 0),
      density('btrfs', 10, 0),
      density('vfs@ext4', 10, 24 * MIB),
    ])
    expect(row).toMatchObject({
      verdict: 'only-if',
      condition: 'the driver is overlay2@ext4 (btrfs share the disk alone)',
    })
  })

  it.each([
    ['true', 1],
    ['false', 10],
  ])('are told as %s where all have %s copies', (verdict, copies) => {
    expect(judge(id, [density('overlay2@ext4', copies, 0)]).verdict).toBe(verdict)
  })
})

describe('virtual machines', () => {
  const started = (runtime: string, seconds: number, accelerator?: string): ClaimedCell => ({
    configuration: 'overlay2@ext4',
    scenario: 'startup',
    params: { runtime, concurrency: '1', image: 'tiny', layers: '8' },
    sample: () => ({
      phases: { 'prepare-to-ready': seconds },
      ...witnessed('none', accelerator === undefined ? {} : { accelerator }),
    }),
  })
  const id = 'virtual-machines-start-in-minutes'
  const TCG = 'emulated CPU (QEMU TCG)'

  it.each([
    ['true', 3, 'KVM'],
    ['false', 0.4, 'KVM'],
    // Under KVM it would be sooner still.
    ['false', 0.4, TCG],
    ['not-testable', 9, TCG],
  ])('are told as %s where one took %s s with %s', (verdict, seconds, accelerator) => {
    const row = judge(id, [started('auto', 0.06), started('vm', seconds, accelerator)])
    expect(row.verdict).toBe(verdict)
    expect(row.text).toContain('a container took 60.0 ms to 60.0 ms, a virtual machine ')
    expect(row.text.includes('with an emulated CPU')).toBe(accelerator === TCG)
  })

  it('are not testable where the host starts none', () => {
    const { sample: _, ...absent } = started('vm', 0)
    expect(judge(id, [started('auto', 0.06), absent]).text).toBe(
      'Not testable here because overlay2@ext4 did not run: this kernel has no such thing; boot another.',
    )
  })
})

describe('a claim by times', () => {
  const id = 'volatile-halves-the-time'
  const ROUNDS = 12
  const timed = (configuration: string, seconds: (round: number) => number): ClaimedCell => ({
    configuration,
    scenario: 'bigfile',
    params: BYTE,
    sample: (round) => ({ phases: { 'first-write': seconds(round) } }),
  })
  const steady = (value: number) => (round: number) => value * (1 + ((round * 7) % 11) / 500)
  const volatileTakes = (seconds: (round: number) => number) =>
    judge(id, [timed('overlay2@ext4', steady(1)), timed('overlay2@ext4+fsync=volatile', seconds)], ROUNDS)

  it.each([
    ['true', 0.5],
    ['true', 0.1],
    ['false', 0.95],
    ['false', 1.5],
  ])('is %s of a ratio of %s that is known well', (verdict, ratio) => {
    expect(volatileTakes(steady(ratio)).verdict).toBe(verdict)
  })

  it('is not shown where the rounds do not tell', () => {
    const noisy = (round: number) => (round % 2 === 0 ? 0.2 : 2)
    expect(volatileTakes(noisy)).toMatchObject({ verdict: 'not-shown' })
  })

  it('is judged together with all others of the run', () => {
    const cells = [timed('overlay2@ext4', steady(1)), timed('overlay2@ext4+fsync=volatile', steady(0.5))]
    const { run, samples } = claimsRun(cells, ROUNDS)
    const rows = judgeClaims(claims, run, samples)
    expect(rows.find((row) => row.id === id)?.verdict).toBe('true')
    expect(rows).toHaveLength(claims.length)
  })
})

describe('how the claims came out', () => {
  const { run } = claimsRun([])
  const rows = judgeClaims(claims, run, [])

  it('is counted by verdict', () => {
    expect(countsText(run, rows)).toBe(`Of ${claims.length} claims: ${claims.length} not testable here.`)
  })

  it('is said with a caution on an emulated machine', () => {
    const host = { ...run.host, virtualization: 'User-mode Linux' }
    expect(countsText({ host }, rows)).toContain('This machine is emulated')
  })
})
