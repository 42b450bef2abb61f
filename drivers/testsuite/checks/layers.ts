/** Stacking: what layers and containers know of each other. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { expect } from 'vitest'
import { IMAGE_TIME } from '../image.ts'
import type { Fixture } from '../fixture.ts'
import { readTree, treeHash } from '../tree.ts'
import { writeAt, type Checks } from './check.ts'

const LAYERS = 120

async function stacksOnCommitted(fixture: Fixture): Promise<void> {
  const first = await fixture.container(await fixture.image())
  writeFileSync(first.path('doc/one'), 'first')
  writeFileSync(first.path('opt/first'), 'first')
  const second = await fixture.container(await fixture.commit(first))
  expect(readFileSync(second.path('doc/one'), 'utf8')).toBe('first')
  appendFileSync(second.path('doc/one'), '+second')
  const third = await fixture.container(await fixture.commit(second))
  expect(readFileSync(third.path('doc/one'), 'utf8')).toBe('first+second')
  expect(readdirSync(third.path('opt')).sort()).toEqual(['added', 'first'])
}

async function stacksManyLayers(fixture: Fixture): Promise<void> {
  let name: string | null = null
  for (let index = 0; index < LAYERS; index += 1) {
    name = await fixture.layer(name, (root) => {
      mkdirSync(`${root}/layers`, { recursive: true })
      writeFileSync(`${root}/layers/${index}`, String(index))
      writeFileSync(`${root}/last`, String(index))
      if (index % 2 === 1) unlinkSync(`${root}/layers/${index - 1}`)
    })
  }
  const container = await fixture.container(name)
  expect(readFileSync(container.path('last'), 'utf8')).toBe(String(LAYERS - 1))
  const odd = Array.from({ length: LAYERS / 2 }, (_, index) => 2 * index + 1)
  const seen = readdirSync(container.path('layers')).map(Number)
  expect(seen.sort((a, b) => a - b)).toEqual(odd)
  for (const index of odd) expect(readFileSync(container.path(`layers/${index}`), 'utf8')).toBe(String(index))
  writeFileSync(container.path('layers/1'), 'changed')
  expect(readFileSync(container.path('layers/1'), 'utf8')).toBe('changed')
}

async function keepsContainersApart(fixture: Fixture): Promise<void> {
  const image = await fixture.image()
  const one = await fixture.container(image)
  const other = await fixture.container(image)
  writeFileSync(one.path('doc/one'), 'of the first')
  writeFileSync(one.path('only here'), '')
  unlinkSync(one.path('doc/two'))
  writeAt(other.path('data/big'), 0, 'of the second')
  expect(readFileSync(other.path('doc/one'), 'utf8')).toBe('one')
  expect(existsSync(other.path('only here'))).toBe(false)
  expect(existsSync(other.path('doc/two'))).toBe(true)
  expect(readFileSync(one.path('data/big')).toString('latin1', 0, 13)).not.toBe('of the second')
}

async function neverChangesLayersBelow(fixture: Fixture): Promise<void> {
  const image = await fixture.image()
  const hash = async () => {
    const view = await fixture.view(image)
    const found = treeHash(readTree(view.root))
    await fixture.remove(view)
    return found
  }
  const before = await hash()
  const container = await fixture.container(image)
  writeAt(container.path('data/big'), 4096, 'changed')
  appendFileSync(container.path('doc/one'), 'longer')
  chmodSync(container.path('tool'), 0o600)
  chownSync(container.path('doc/two'), 1, 1)
  chownSync(container.root, 5, 5)
  rmSync(container.path('doc/deep'), { recursive: true })
  unlinkSync(container.path('etc/current'))
  writeFileSync(container.path('etc/config'), 'replaced')
  expect(await hash()).toBe(before)
  await container.unmount()
  expect(await hash()).toBe(before)
  await fixture.commit(container)
  expect(await hash()).toBe(before)
}

async function keepsMetadataOverCommit(fixture: Fixture): Promise<void> {
  const image = await fixture.layer(await fixture.image(), (root) => {
    mkdirSync(`${root}/made`)
    writeFileSync(`${root}/made/file`, 'made')
    chownSync(`${root}/made`, 21, 22)
    chmodSync(`${root}/made`, 0o2751)
    chownSync(`${root}/doc/one`, 23, 24)
    utimesSync(`${root}/made/file`, IMAGE_TIME + 1, IMAGE_TIME + 1)
    utimesSync(`${root}/made`, IMAGE_TIME + 2, IMAGE_TIME + 2)
    unlinkSync(`${root}/doc/two`)
    utimesSync(`${root}/doc`, IMAGE_TIME + 3, IMAGE_TIME + 3)
  })
  const container = await fixture.container(image)
  const facts = (path: string) => {
    const { mode, uid, gid, mtimeMs } = statSync(container.path(path))
    return { mode: mode & 0o7777, uid, gid, age: mtimeMs / 1000 - IMAGE_TIME }
  }
  expect(facts('made')).toEqual({ mode: 0o2751, uid: 21, gid: 22, age: 2 })
  expect(facts('made/file')).toEqual({ mode: 0o644, uid: 0, gid: 0, age: 1 })
  expect(facts('doc')).toEqual({ mode: 0o750, uid: 7, gid: 7, age: 3 })
  expect(facts('doc/one')).toEqual({ mode: 0o644, uid: 23, gid: 24, age: 0 })
  expect(facts('doc/deep')).toEqual({ mode: 0o700, uid: 1000, gid: 1000, age: 0 })
  expect(existsSync(container.path('doc/two'))).toBe(false)
}

async function keepsTheRootsMetadata(fixture: Fixture): Promise<void> {
  const image = await fixture.layer(null, (root) => {
    chownSync(root, 31, 32)
    chmodSync(root, 0o1711)
  })
  const upper = await fixture.layer(image, (root) => writeFileSync(`${root}/file`, ''))
  for (const parent of [image, upper]) {
    const container = await fixture.container(parent)
    const { mode, uid, gid } = statSync(container.root)
    expect({ mode: mode & 0o7777, uid, gid }).toEqual({ mode: 0o1711, uid: 31, gid: 32 })
  }
}

export const layerChecks: Checks = {
  'commit, then stack again': stacksOnCommitted,
  '120 layers': stacksManyLayers,
  'two containers do not see each other': keepsContainersApart,
  'layers below never change': neverChangesLayersBelow,
  'modes, owners and times survive the commit': keepsMetadataOverCommit,
  'mode and owner of the root pass to the layers above': keepsTheRootsMetadata,
}
