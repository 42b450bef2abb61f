import { chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { createSyscalls } from '../../harness/host/syscalls.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { ownContent } from '../dataset/image.ts'
import { manifestOfManyFiles, writeManyFiles } from '../dataset/many-files/write.ts'
import { createFakeTrial, SEED, type FakeTrial, type FakeTrialScript } from '../testing/fake-trial.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { OPERATIONS } from './operations.ts'
import { BESIDE, contentsOf, HOME, operations, treeOf, type TreeParams } from './params.ts'
import { tree } from './index.ts'

/** Root alone changes owners, and some folders have no attributes: both are tried on real containers. */
const WITHOUT_ROOT = operations.filter((op) => op !== 'chown' && op !== 'xattr')
const LOWER: Provenance = { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 }

function trialOf(
  set: Record<string, string>,
  script: Partial<FakeTrialScript<TreeParams>> = {},
): FakeTrial<TreeParams> {
  const params = tree.params.parse({ files: '20', directories: '18', size: '5K', ...set })
  const changes = OPERATIONS[params.op].changesFiles === true
  return createFakeTrial<TreeParams>({
    params,
    host: { ...createFakeHost(), syscalls: createSyscalls() },
    ...(changes ? {} : { after: LOWER }),
    image(writer, root) {
      writer.content(BESIDE.path, ownContent(SEED, DEFAULT_RATIO, BESIDE.path), BESIDE.size, 0o644)
      const contents = contentsOf(params, SEED)
      writeManyFiles(root, treeOf(params), contents)
      return manifestOfManyFiles(treeOf(params), contents)
    },
    ...script,
  })
}

/** `meddle`: what somebody does to the container or the image between the work and its proof. */
async function sampleOf(trial: FakeTrial<TreeParams>, meddle: (root: string) => void = () => undefined) {
  const observed = await tree.run(trial)
  meddle(observed.container.root)
  return tree.verify(trial, observed)
}

/** Makes a file of its own of a name. */
function setApart(root: string, file: string): void {
  const bytes = readFileSync(join(root, file))
  rmSync(join(root, file))
  writeFileSync(join(root, file), bytes, { mode: 0o644 })
}

const FILE = `${HOME}/d0000/s01/f0000002`
/** What is done to the container between the work and its proof, and how it is told. */
const faults: [op: string, meddle: (root: string) => void, told: string][] = [
  ['chmod', (root) => chmodSync(join(root, FILE), 0o600), 'mode is 600'],
  ['utimes', (root) => utimesSync(join(root, HOME), 1, 1), 'time of change'],
  ['mkdir', (root) => rmSync(join(root, HOME, 'd0000/n0000000'), { recursive: true }), 'is missing'],
  ['unlink', (root) => writeFileSync(join(root, FILE), ''), 'should not be there'],
  ['remove-tree', (root) => mkdirSync(join(root, HOME, 'd0001')), 'should not be there'],
  ['recreate', (root) => writeFileSync(join(root, FILE), 'x', { flag: 'r+' }), 'wrong byte'],
  ['copy', (root) => writeFileSync(join(root, FILE.replace('tree', 'copy')), ''), 'size is 0'],
  ['hardlink', (root) => rmSync(join(root, FILE)), 'is missing'],
  ['hardlink', (root) => setApart(root, `${HOME}/d0000/f0000000`), 'are not one file'],
]

describe('tree', () => {
  it.each(WITHOUT_ROOT)('%s does what its model says', async (op) => {
    for (const size of ['copy', 'recreate'].includes(op) ? ['5K', 'sparse'] : ['5K']) {
      const trial = trialOf({ op, size })
      const { mechanism, lowerHash, changed } = await sampleOf(trial)
      expect(mechanism).toBe(OPERATIONS[op].changesFiles === true ? 'copied-up' : 'none')
      expect(changed === null).toBe(op === 'walk' || op === 'read-all')
      expect(lowerHash).toMatch(/^[0-9a-f]{64}$/)
      expect(Object.keys(trial.values)).toEqual(
        expect.arrayContaining(
          (tree.meta.phasesOf?.(trial.params) ?? []).filter(
            (id) => !['umount', 'remove', 'change-durable'].includes(id),
          ),
        ),
      )
    }
  })

  it.each(faults)(
    '%s is caught when the container is not what the work made of it',
    async (op, meddle, told) => {
      await expect(sampleOf(trialOf({ op }), meddle), op).rejects.toThrow(
        expect.objectContaining({ code: 'witness.content', message: expect.stringContaining(told) }),
      )
    },
  )

  it('is caught when the image has changed, in every round', async () => {
    for (const round of [0, 1]) {
      const trial = trialOf({ op: 'unlink' }, { round })
      const meddle = () => chmodSync(join(trial.lower, HOME, 'd0000'), 0o700)
      await expect(sampleOf(trial, meddle)).rejects.toThrow(
        expect.objectContaining({ code: 'witness.lower' }),
      )
    }
  })

  it('is caught when a file was the container’s before the work', async () => {
    const before: Provenance = { layer: 'upper', sharedBytes: 0, exclusiveBytes: 8192 }
    await expect(sampleOf(trialOf({ op: 'chmod' }, { before }))).rejects.toThrow(
      expect.objectContaining({ code: 'witness.mechanism' }),
    )
  })

  it('is caught when nothing hides what is gone and the image still holds', async () => {
    for (const op of ['unlink', 'remove-tree', 'recreate']) {
      const { details } = await sampleOf(trialOf({ op }, { hiddenBy: 'opaque' }))
      expect(details).toMatchObject({ hiddenBy: 'opaque' })
      await expect(sampleOf(trialOf({ op }, { hiddenBy: null }))).rejects.toThrow('does not hide it')
    }
  })

  it('is caught when what was written is not on the device', async () => {
    await expect(sampleOf(trialOf({ op: 'recreate' }, { bytesWritten: 0 }))).rejects.toThrow(
      expect.objectContaining({ code: 'witness.mechanism' }),
    )
  })

  it('looks for the bytes of a file with two names by the second: aufs copies it up under that', async () => {
    const trial = trialOf({ op: 'hardlink' })
    await sampleOf(trial)
    const asked = trial.log.filter((line) => line.startsWith('provenance'))
    expect(asked).toEqual([
      `provenance ${HOME}/d0000/f0000000`,
      `provenance ${HOME}/d0001/s01/f0000019`,
      `provenance ${HOME}/d0000/h0000000`,
      `provenance ${HOME}/d0001/s01/h0000019`,
    ])
  })

  it('looks for what is gone, and lists, each in the cell’s cache state', async () => {
    const trial = trialOf({ op: 'remove-tree' }, { cache: 'cold' })
    await sampleOf(trial)
    const log = trial.log.filter((line) => !/provenance|sync$/.test(line))
    expect(log).toEqual([
      'time prepare',
      'time mount',
      `cache ${HOME}/d0000/f0000000 ${HOME}/d0001/s01/f0000019`,
      'time change',
      'time syncfs',
      'cold read ',
      'cache ',
      'time lookup',
      'cache ',
      'time list',
    ])
  })

  it('plans an inode of the image and one of the container for each of a million files', () => {
    const million = tree.params.parse({ files: '1000000', directories: '1000', size: '0' })
    const [layer] = tree.image(million, 1).layers
    expect(layer?.bytes).toBeGreaterThan(1_000_000 * 16_384)
    expect(tree.footprint(million).changed).toBeGreaterThan(1_000_000 * 16_384)
    expect(tree.params.safeParse({ files: '1000000', size: 'sparse' }).success).toBe(false)
    expect(tree.params.safeParse({ size: '65M' }).success).toBe(false)
  })

  it('recreates files that differ from the image’s and from each other', async () => {
    const trial = trialOf({ op: 'recreate' })
    await tree.run(trial)
    const read = (root: string, name: string) => readFileSync(join(root, HOME, 'd0000', name))
    const [first, second] = [
      read(trial.container().root, 'f0000000'),
      read(trial.container().root, 'f0000001'),
    ]
    expect(first.equals(second)).toBe(false)
    expect(first.equals(read(trial.lower, 'f0000000'))).toBe(false)
  })
})
