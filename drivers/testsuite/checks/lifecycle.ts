/** The verbs of the snapshotter, their errors, and what they say of space. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { seededBytes } from '../image.ts'
import type { Fixture } from '../fixture.ts'
import { failureCode, type Checks } from './check.ts'

const MEBIBYTE = 1024 ** 2
/** Bytes that a file system keeps for its own metadata when files come and go. */
const BOOKKEEPING = 8 * MEBIBYTE

async function mountsAgain(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  writeFileSync(container.path('doc/one'), 'kept')
  await container.unmount()
  expect(await fixture.snapshotter.mounts(container.key)).toEqual(container.mounts)
  await container.mount()
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('kept')
  writeFileSync(container.path('doc/one'), 'still writable')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('still writable')
}

async function viewsReadOnly(fixture: Fixture): Promise<void> {
  const single = await fixture.layer(null, (root) => {
    mkdirSync(`${root}/doc`)
    writeFileSync(`${root}/doc/one`, 'one')
  })
  for (const image of [single, await fixture.image()]) {
    const view = await fixture.view(image)
    expect(readFileSync(view.path('doc/one'), 'utf8')).toBe('one')
    expect(await failureCode(() => writeFileSync(view.path('doc/one'), 'changed'))).toBe('EROFS')
    expect(await failureCode(() => mkdirSync(view.path('made')))).toBe('EROFS')
    expect(await fixture.snapshotter.mounts(view.key)).toEqual(view.mounts)
  }
}

async function startsEmpty(fixture: Fixture): Promise<void> {
  const container = await fixture.container(null)
  const { mode, uid, gid } = statSync(container.root)
  expect({ mode: mode & 0o7777, uid, gid }).toEqual({ mode: 0o755, uid: 0, gid: 0 })
  writeFileSync(container.path('file'), 'content')
  await container.unmount()
  await container.mount()
  expect(readFileSync(container.path('file'), 'utf8')).toBe('content')
}

async function givesSpaceBack(fixture: Fixture): Promise<void> {
  const { snapshotter } = fixture
  const image = await fixture.image()
  const written = 64 * MEBIBYTE
  const allocated = async () => {
    await snapshotter.settle()
    return (await snapshotter.allocated()).bytes
  }
  const before = await allocated()
  const container = await fixture.container(image)
  writeFileSync(container.path('large'), seededBytes('large', written))
  await container.unmount()
  const during = await allocated()
  expect(during - before).toBeGreaterThanOrEqual(written)
  await fixture.remove(container)
  expect((await allocated()) - before).toBeLessThan(BOOKKEEPING)
}

async function countsItsOwn(fixture: Fixture): Promise<void> {
  const inherited = 32 * MEBIBYTE
  const written = 4 * MEBIBYTE
  const image = await fixture.layer(null, (root) =>
    writeFileSync(`${root}/inherited`, seededBytes('inherited', inherited)),
  )
  const container = await fixture.container(image)
  writeFileSync(container.path('written'), seededBytes('written', written))
  await fixture.snapshotter.settle()
  const { bytes, inodes } = await fixture.snapshotter.usage(container.key)
  expect(bytes).toBeGreaterThanOrEqual(written)
  // A driver without copy-on-write has copied the parent into the container's own.
  const copied = fixture.meta.cowUnit === 'none' ? inherited : 0
  expect(bytes).toBeLessThan(copied + written + BOOKKEEPING)
  if (inodes !== null) expect(inodes).toBeGreaterThanOrEqual(1)
  expect((await fixture.snapshotter.usage(image)).bytes).toBeGreaterThanOrEqual(inherited)
}

async function refusesToRemoveBusy(fixture: Fixture): Promise<void> {
  const image = await fixture.image()
  const container = await fixture.container(image)
  const view = await fixture.view(image)
  const alone = await fixture.container(null)
  writeFileSync(container.path('doc/one'), 'in use')
  for (const busy of [container, view, alone])
    expect(await failureCode(() => fixture.snapshotter.remove(busy.key)), busy.key).toBe('driver.busy')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('in use')
  expect(readFileSync(view.path('doc/one'), 'utf8')).toBe('one')
  writeFileSync(container.path('doc/two'), 'written after')
  writeFileSync(alone.path('file'), 'written after')
  await container.unmount()
  await container.mount()
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('in use')
  expect(readFileSync(container.path('doc/two'), 'utf8')).toBe('written after')
  for (const free of [container, view, alone]) await fixture.remove(free)
  expect(await failureCode(() => fixture.snapshotter.mounts(container.key))).toBe('driver.not-found')
}

async function refusesToRemoveParent(fixture: Fixture): Promise<void> {
  const image = await fixture.layer(await fixture.image(), (root) => writeFileSync(`${root}/added`, 'added'))
  const container = await fixture.container(image)
  await container.unmount()
  expect(await failureCode(() => fixture.snapshotter.remove(image))).toBe('driver.busy')
  await container.mount()
  expect(readFileSync(container.path('added'), 'utf8')).toBe('added')
  await fixture.remove(container)
}

async function refusesUnknownKeys(fixture: Fixture): Promise<void> {
  const { snapshotter } = fixture
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    prepare: () => snapshotter.prepare('child', 'absent'),
    view: () => snapshotter.view('child', 'absent'),
    commit: () => snapshotter.commit('name', 'absent'),
    mounts: () => snapshotter.mounts('absent'),
    remove: () => snapshotter.remove('absent'),
    usage: () => snapshotter.usage('absent'),
    provenance: () => snapshotter.provenance('absent', 'file'),
  }
  for (const [verb, call] of Object.entries(calls))
    expect(await failureCode(call), verb).toBe('driver.not-found')
}

async function refusesTakenKeys(fixture: Fixture): Promise<void> {
  const { snapshotter } = fixture
  const image = await fixture.image()
  const container = await fixture.container(image)
  writeFileSync(container.path('doc/one'), 'first')
  expect(await failureCode(() => snapshotter.prepare(container.key, image))).toBe('driver.exists')
  expect(await failureCode(() => snapshotter.view(container.key, image))).toBe('driver.exists')
  expect(await failureCode(() => snapshotter.prepare(image, null))).toBe('driver.exists')
  await container.unmount()
  expect(await failureCode(() => snapshotter.commit(image, container.key))).toBe('driver.exists')
  await container.mount()
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('first')
}

async function refusesActiveParents(fixture: Fixture): Promise<void> {
  const active = await fixture.container(await fixture.image())
  expect(await failureCode(() => fixture.snapshotter.prepare('child', active.key))).toBe(
    'driver.not-committed',
  )
  const image = await fixture.commit(active)
  expect(await failureCode(() => fixture.snapshotter.commit('again', image))).toBe('driver.not-active')
}

async function takesOddKeys(fixture: Fixture): Promise<void> {
  for (const key of ['sandbox:1/rw,x=y', '../up', ' spaced "name" ', 'ünïcode \\ $HOME', 'k'.repeat(200)]) {
    const container = await fixture.container(await fixture.image(), key)
    writeFileSync(container.path('doc/one'), key)
    expect(readFileSync(container.path('doc/one'), 'utf8')).toBe(key)
    await fixture.remove(container)
  }
}

export const lifecycleChecks: Checks = {
  'mounts, again': mountsAgain,
  'a view is read-only': viewsReadOnly,
  'a container without a parent': startsEmpty,
  'remove gives the space back': givesSpaceBack,
  'usage counts only its own': countsItsOwn,
  'remove of what is mounted fails and harms nothing': refusesToRemoveBusy,
  'remove of a parent fails': refusesToRemoveParent,
  'unknown keys': refusesUnknownKeys,
  'taken keys': refusesTakenKeys,
  'only what is committed can be a parent': refusesActiveParents,
  'keys with odd characters': takesOddKeys,
}
