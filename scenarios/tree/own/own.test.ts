import { chmodSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BenchError } from '../../../harness/contracts/error.ts'
import type { ManifestEntry, OwnImage } from '../../../harness/contracts/image.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import { createSyscalls } from '../../../harness/host/syscalls.ts'
import { createFakeHost } from '../../../harness/testing/fake-host.ts'
import { createFakeTrial, type FakeTrial, type FakeTrialScript } from '../../testing/fake-trial.ts'
import { tree } from '../index.ts'
import type { TreeParams } from '../params.ts'
import { ENTRY_CHANGES } from '../attributes.ts'
import { OWN_OPERATION_IDS } from './operations.ts'
import { modelOfOwn, ownTreeOf } from './tree.ts'

/** Root alone changes owners. */
const WITHOUT_ROOT = OWN_OPERATION_IDS.filter((op) => op !== 'chown')
const LOWER: Provenance = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }

const PROGRAM = Buffer.alloc(10_000, 'program')

const byPath = (...entries: readonly ManifestEntry[]) => new Map(entries.map((entry) => [entry.path, entry]))

/** Returns what the user's image is known by, where its tree is this. */
function ownOf(manifest: ReadonlyMap<string, ManifestEntry>): OwnImage {
  return {
    facts: { path: '/app', name: 'app', digest: '', platform: '', layers: 1, files: 3, bytes: 1 },
    layers: [],
    manifest,
    process: { args: [], env: [], cwd: '/', uid: 0, gid: 0 },
    content: () => null,
    [Symbol.dispose]: () => undefined,
  }
}

function trialOf(op: string, script: Partial<FakeTrialScript<TreeParams>> = {}): FakeTrial<TreeParams> {
  const manifest = new Map<string, ManifestEntry>()
  return createFakeTrial<TreeParams>({
    params: tree.params.parse({ op, image: 'own', files: '3', directories: '3', size: '3K' }),
    host: { ...createFakeHost(), syscalls: createSyscalls() },
    ...(['chmod', 'utimes'].includes(op) ? {} : { after: LOWER }),
    own: ownOf(manifest),
    image(writer) {
      writer.bytes('usr/bin/app', PROGRAM, 0o4755)
      writer.bytes('etc/empty', '', 0o600)
      writer.link('bin', 'usr/bin')
      writer.bytes('start', 'at the root', 0o644)
      for (const entry of writer.entries) manifest.set(entry.path, entry)
    },
    ...script,
  })
}

/** `meddle`: what somebody does to the container between the work and its proof. */
async function sampleOf(trial: FakeTrial<TreeParams>, meddle: (root: string) => void = () => undefined) {
  const observed = await tree.run(trial)
  meddle(observed.container.root)
  return tree.verify(trial, observed)
}

const faults: [op: string, meddle: (root: string) => void, told: string][] = [
  ['chmod', (root) => chmodSync(join(root, 'etc/empty'), 0o600), 'mode is 600'],
  ['walk', (root) => writeFileSync(join(root, 'start'), 'AT THE ROOT'), 'start: SHA-256 is'],
  ['read-all', (root) => mkdirSync(join(root, 'usr/new')), 'usr/new should not be there'],
  ['copy', (root) => rmSync(join(root, 'bench-copy/bin')), 'bench-copy/bin is missing'],
  ['remove-tree', (root) => writeFileSync(join(root, 'start'), ''), 'start should not be there'],
  ['unlink', (root) => rmSync(join(root, 'usr/bin'), { recursive: true }), 'usr/bin is missing'],
]

describe('the tree of the user', () => {
  it.each(WITHOUT_ROOT)('%s does what its model says', async (op) => {
    const trial = trialOf(op)
    const { mechanism, lowerHash, changed, details } = await sampleOf(trial)
    const examined = { chmod: 'copied-up', utimes: 'copied-up', walk: 'none', 'read-all': 'none' }
    expect(mechanism).toBe(examined[op as keyof typeof examined] ?? null)
    expect(changed === null).toBe(op === 'walk' || op === 'read-all')
    expect(lowerHash).toMatch(/^[0-9a-f]{64}$/)
    expect(details?.['hiddenBy']).toBe(op === 'remove-tree' || op === 'unlink' ? 'whiteout' : undefined)
  })

  it.each(faults)('%s: a container that was meddled with is found out', async (op, meddle, told) => {
    await expect(sampleOf(trialOf(op), meddle)).rejects.toThrow(told)
  })

  it('is not hidden where a union has no mark of it', async () => {
    await expect(sampleOf(trialOf('unlink', { hiddenBy: null }))).rejects.toThrow('does not hide it')
  })

  it('may have lost+found of a block driver in its root, which nothing touches', async () => {
    const trial = trialOf('remove-tree')
    await expect(sampleOf(trial, (root) => mkdirSync(join(root, 'lost+found')))).resolves.toBeDefined()
  })

  it('counts the names that are no longer one file', async () => {
    const trial = trialOf('chmod')
    const { details } = await sampleOf(trial, (root) =>
      linkSync(join(root, 'start'), join(root, '..', 'other')),
    )
    expect(details?.['linksApart']).toBe(1)
  })

  it('has one node for all names of a file', () => {
    const file = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 5, digest: 'x', firstName: 'a' } as const
    const own = ownOf(byPath({ ...file, path: 'a' }, { ...file, path: 'b' }))
    const { children } = modelOfOwn(own)
    expect(children.get('a')).toBe(children.get('b'))
    expect(children.get('a')).toMatchObject({ links: 2 })
    expect(ownTreeOf(own)).toMatchObject({ bytes: 5, entries: 2, examined: null })
  })
})

describe('what is planned on it', () => {
  const own = ownOf(byPath({ path: 'a', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 4096, digest: 'x' }))
  const grids = (given: Record<string, readonly string[]>) => () => tree.onOwnImage?.(own, 'quick', given)

  it('is what the image has', () => {
    expect(grids({})()).toEqual([
      { op: ['chown'], image: ['own'], files: ['1'], directories: ['1'], size: ['4096'] },
    ])
  })

  it.each([
    [{ op: ['mkdir'] }, 'the whole tree of --image can be given to chown, chmod'],
    [{ files: ['9'] }, '--set tree.files: with --image, the image decides about it'],
  ])('is refused for %o', (given, message) => {
    expect(grids(given)).toThrow(BenchError)
    expect(grids(given)).toThrow(message)
  })
})

it('another owner takes the set-user-ID bit, and the set-group-ID bit of what the group may execute', () => {
  const after = (mode: number) => {
    const node = { type: 'special' as const, mode, uid: 0, gid: 0, mtime: null, kind: 'p' }
    ENTRY_CHANGES.chown.expect(node)
    return node.mode
  }
  expect([0o6755, 0o2745, 0o1777].map(after)).toEqual([0o755, 0o2745, 0o1777])
})
