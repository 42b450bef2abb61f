/** A driver whose container or image is not what it must be is caught by the scenario `tree`, whatever is done to the tree. */
import { chmodSync, closeSync, fchownSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { BESIDE, HOME, operations } from '../../../scenarios/tree/params.ts'
import { errnoOf } from '../../contracts/syscalls.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import { byHardLinks, cheater, onTheWay, plant, type Cheat } from './testing/sabotage.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

/** The first file of the tree, whose provenance is looked at. */
const FIRST = `${HOME}/d0000/f0000000`
const OTHER = `${HOME}/d0001/s02/f0000055`

/** What a container may be that is not a fresh one of the image. */
const wrong: Readonly<Record<string, Cheat>> = {
  'a file too few': onTheWay((root) => rmSync(join(root, OTHER))),
  'a file too many': onTheWay((root) => writeFileSync(`${join(root, HOME)}-more`, '')),
  'another mode': onTheWay((root) => chmodSync(join(root, BESIDE.path), 0o600)),
}

/** Changes the owner of a file and changes it back: a union has then copied it up. */
const planted = onTheWay((root) => {
  const fd = openSync(join(root, FIRST), 'r+')
  fchownSync(fd, 1, 1)
  fchownSync(fd, 0, 0)
  closeSync(fd)
})

function fixtureOf(configuration: string, op: string) {
  const { driver, cheat } = cheater(
    drivers.find(({ meta }) => meta.id === configuration.split('@')[0]) as (typeof drivers)[number],
  )
  const set = { op, files: '60', directories: '20', size: '8K' }
  return { cheat, fixture: openSmallFixture({ configuration, scenario: 'tree', set, driver }) }
}

describe.skipIf(!isRoot)('overlay2@ext4', () => {
  test.each(operations)('%s: a container that is not the image is caught', async (op) => {
    const { cheat, fixture: opening } = fixtureOf('overlay2@ext4', op)
    await using fixture = await opening
    expect(await sample(fixture)).toMatchObject({ code: null })
    for (const [name, how] of Object.entries(wrong)) {
      cheat(how)
      // Work that misses a file ends at once, by the kernel's answer.
      const code = await sample(fixture).then(
        (outcome) => outcome.code,
        (error: unknown) => errnoOf(error),
      )
      expect(code, name).toMatch(/^(witness\.|ENOENT$)/)
    }
  })

  test.each(['chown', 'chmod', 'utimes', 'xattr', 'hardlink', 'rename-file'])(
    '%s: a file that was copied up beforehand is caught',
    async (op) => {
      const { cheat, fixture: opening } = fixtureOf('overlay2@ext4', op)
      await using fixture = await opening
      for (const round of [1, 0]) {
        cheat(null)
        expect(await sample(fixture, round)).toMatchObject({ code: null })
        cheat(planted)
        expect(await sample(fixture, round)).toMatchObject({ code: 'witness.mechanism' })
      }
    },
  )
})

describe.skipIf(!isRoot)('vfs@ext4', () => {
  test('a copy by hard links, through which the change reaches the image, is caught', async () => {
    const { cheat, fixture: opening } = fixtureOf('vfs@ext4', 'chown')
    await using fixture = await opening
    expect(await sample(fixture, 1)).toMatchObject({ code: null })
    cheat(byHardLinks)
    expect((await sample(fixture, 1)).code).toMatch(/^witness\./)
  })
})

describe.skipIf(!isRoot)('btrfs', () => {
  test('a file that was rewritten beforehand is caught', async () => {
    const { cheat, fixture: opening } = fixtureOf('btrfs', 'chown')
    await using fixture = await opening
    expect(await sample(fixture, 1)).toMatchObject({ code: null })
    cheat(plant(FIRST, 0))
    expect(await sample(fixture, 1)).toMatchObject({ code: 'witness.mechanism' })
  })
})
