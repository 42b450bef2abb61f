import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Image, ManifestEntry } from '../../harness/contracts/image.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { digestOf } from '../testing/fake-trial.ts'
import { isStatic, readBusybox } from './busybox.ts'
import { contentDigest } from './files.ts'
import { createImage, ownContent, type ImageSpec } from './image.ts'
import { imageProfiles } from './tree.ts'

const OWN = { path: 'var/lib/bench/own', size: 12_345 }
const MANY = { home: 'var/lib/bench/many', files: 10, directories: 3, size: 100 } as const
const spec: ImageSpec = {
  name: 'test-3',
  seed: 1,
  profile: 'small',
  layers: 3,
  compressibility: 2.6,
  files: [OWN],
  directories: ['var/lib/bench/empty'],
}

interface Filled {
  root: string
  layers: ManifestEntry[][]
  merged: Map<string, ManifestEntry>
}

async function fill(image: Image): Promise<Filled> {
  const root = mkdtempSync(join(tmpdir(), 'bench-image-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const layers: ManifestEntry[][] = []
  for (const layer of image.layers) layers.push(await layer.fill(root, createFakeHost()))
  return { root, layers, merged: new Map(layers.flat().map((entry) => [entry.path, entry])) }
}

describe('image', () => {
  it('is named by all that determines its content', () => {
    const { id } = createImage(spec)
    expect(id).toMatch(/^test-3-[0-9a-f]{8}$/)
    expect(createImage({ ...spec }).id).toBe(id)
    const others: ImageSpec[] = [
      { ...spec, seed: 2 },
      { ...spec, profile: 'large' },
      { ...spec, layers: 4 },
      { ...spec, compressibility: 1 },
      { ...spec, files: [{ ...OWN, size: 1 }] },
      { ...spec, directories: [] },
      { ...spec, updated: [OWN] },
      { ...spec, manyFiles: MANY },
      { ...spec, manyFiles: { ...MANY, size: 'sparse' } },
    ]
    expect(new Set([id, ...others.map((other) => createImage(other).id)]).size).toBe(others.length + 1)
  })

  it('has a part that may be touched: the base system and the own files, as in the whole', async () => {
    for (const own of [
      spec,
      { ...spec, name: 'updated', updated: [{ path: 'var/lib/bench/again', size: 512 }] },
    ]) {
      const image = createImage(own)
      const touched = image.touched as Image
      expect(touched.id).not.toBe(image.id)
      expect(touched.touched).toBeUndefined()
      const [whole, part] = [(await fill(image)).merged, (await fill(touched)).merged]
      expect([...part.keys()]).toEqual(
        expect.arrayContaining(['bin/busybox', OWN.path, 'var/lib/bench/empty', 'tmp']),
      )
      for (const [path, entry] of part) expect(whole.get(path)).toEqual(entry)
      const paths = [...whole.keys()].filter((path) => !part.has(path))
      expect(paths.length).toBeGreaterThan(imageProfiles.small.files - 10)
    }
  })

  it('writes what its manifest says, and as much as was stated', async () => {
    const { root, layers, merged } = await fill(createImage(spec))
    const entries = [...merged.values()]
    const at = ({ path }: { path: string }) => join(root, path)
    for (const link of entries.filter(({ type }) => type === 'symlink')) {
      expect(readlinkSync(at(link))).toBe(link.digest)
    }
    for (const entry of entries.filter(({ type }) => type !== 'symlink')) {
      expect(statSync(at(entry)).mode & 0o7777, entry.path).toBe(entry.mode)
    }
    for (const file of entries.filter(({ type }) => type === 'file')) {
      expect([file.size, digestOf(at(file))]).toEqual([statSync(at(file)).size, file.digest])
    }

    const files = entries.filter((entry) => entry.type === 'file' && entry.path !== OWN.path)
    const bytes = files.reduce((total, entry) => total + entry.size, 0)
    expect(files).toHaveLength(imageProfiles.small.files)
    expect(Math.abs(bytes - imageProfiles.small.bytes)).toBeLessThan(imageProfiles.small.bytes / 100)

    const [base = [], ...above] = layers
    const baseDigests = new Map(base.map((entry) => [entry.path, entry.digest]))
    const replaced = above.flat().filter((entry) => baseDigests.has(entry.path))
    expect(replaced.length).toBeGreaterThan(0)
    for (const entry of replaced) expect(entry.digest).not.toBe(baseDigests.get(entry.path))

    expect(base.find((entry) => entry.path === OWN.path)?.digest).toBe(
      contentDigest(ownContent(1, 2.6, OWN.path), OWN.size),
    )
    expect(base.some((entry) => entry.path === 'var/lib/bench/empty')).toBe(true)
    expect(merged.get('tmp')?.mode).toBe(0o1777)
    expect(merged.get('bin/sh')).toMatchObject({ type: 'symlink', digest: 'busybox' })
  })

  it('rewrites some files in every layer', async () => {
    const updated = { path: 'var/lib/bench/updated', size: 700 }
    const { root, layers } = await fill(createImage({ ...spec, updated: [updated] }))
    const versions = layers.map((layer) => layer.filter((entry) => entry.path === updated.path))
    expect(versions.map((found) => found.map(({ size }) => size))).toEqual([[700], [700], [700]])
    const digests = versions.flat().map(({ digest }) => digest)
    expect(new Set(digests).size).toBe(3)
    expect(digestOf(join(root, updated.path))).toBe(digests.at(-1))
  })

  it('gives the same manifest each time', async () => {
    const once = await fill(createImage(spec))
    const again = await fill(createImage({ ...spec, name: 'other' }))
    expect([...again.merged.values()]).toEqual([...once.merged.values()])
  })
})

describe('busybox', () => {
  it('has to be static', () => {
    expect(isStatic(readBusybox())).toBe(true)
    expect(() => readBusybox([process.execPath])).toThrow('linked dynamically')
  })

  it('has to be there', () => {
    expect(() => readBusybox(['/nowhere/busybox'])).toThrow('busybox is not installed')
    expect(isStatic(Buffer.from('#!/bin/sh\n'))).toBe(false)
  })
})
