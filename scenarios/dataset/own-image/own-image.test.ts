import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { stackOf, type OwnImage } from '../../../harness/contracts/image.ts'
import { createFakeHost } from '../../../harness/testing/fake-host.ts'
import { PLAIN, type TarEntry } from '../../common/archive/header.ts'
import { digestOf } from '../../image/blobs.ts'
import { writeLayout } from '../../testing/oci-layout.ts'
import { archiveOf } from '../../testing/tar.ts'
import { createImage } from '../image.ts'
import { architectureHere } from './find-image.ts'
import { openOwnImage } from './open.ts'
import { programIn } from './program.ts'

const file = (path: string, content: string, more: Partial<TarEntry> = {}) => ({
  entry: { ...PLAIN, path, size: Buffer.byteLength(content), ...more },
  content,
})
const folder = (path: string, mode = 0o755) => file(path, '', { type: 'directory', mode })
const link = (path: string, target: string) => file(path, '', { type: 'symlink', target })

const LOWER = archiveOf([
  folder('etc'),
  file('etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/:/bin/sh\n'),
  folder('usr'),
  folder('usr/bin'),
  file('usr/bin/app', 'program', { mode: 0o755 }),
  link('bin', 'usr/bin'),
  folder('gone'),
  file('gone/a', 'a'),
  folder('hidden'),
  file('hidden/below', 'b'),
])
const UPPER = archiveOf([
  file('.wh.gone', ''),
  folder('hidden', 0o700),
  file('hidden/.wh..wh..opq', ''),
  file('hidden/above', 'new'),
  file('bin/second', 'through a link'),
  file('usr/bin/third', '', { type: 'link', target: 'usr/bin/app' }),
  file('dev/null', '', { type: 'character', major: 1, minor: 3, mode: 0o666 }),
])

function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-own-image-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function layout(layers: readonly Buffer[], config: object = {}): string {
  const path = place()
  writeLayout(
    path,
    'app',
    layers.map((layer) => gzipSync(layer)),
    config,
  )
  return path
}

async function open(path: string): Promise<OwnImage> {
  const own = await openOwnImage(createFakeHost(), path)
  onTestFinished(() => own[Symbol.dispose]())
  return own
}

describe('an image of the user', () => {
  it('is the tree that its layers make', async () => {
    const { manifest, facts } = await open(layout([LOWER, UPPER]))
    expect([...manifest.keys()].toSorted()).toEqual([
      'bin',
      'dev',
      'dev/null',
      'etc',
      'etc/passwd',
      'hidden',
      'hidden/above',
      'usr',
      'usr/bin',
      'usr/bin/app',
      'usr/bin/second',
      'usr/bin/third',
    ])
    expect(manifest.get('hidden')).toMatchObject({ mode: 0o700 })
    expect(manifest.get('usr/bin/third')).toMatchObject({
      mode: 0o755,
      size: 7,
      digest: digestOf(Buffer.from('program')),
    })
    expect(manifest.get('dev/null')).toMatchObject({ type: 'special', digest: 'c 1:3' })
    expect(facts).toMatchObject({ name: 'app', layers: 2, files: 5, platform: `linux/${architectureHere()}` })
  })

  it('has the extended attributes that the last layer gives each entry, and not those of a host', async () => {
    const given = (value: string) => ({ attributes: new Map([['user.a', Buffer.from(value)]]) })
    const below = archiveOf([
      file('data', '', { type: 'directory', mode: 0o755, ...given('1') }),
      file('data/kept', 'x', given('2')),
      file('again', 'x', given('3')),
      file('labelled', 'x', { attributes: new Map([['security.selinux', Buffer.from('l')]]) }),
    ])
    const above = archiveOf([folder('data'), file('again', 'y', given('4'))])
    const { manifest } = await open(layout([below, above]))
    const shown = [...manifest.values()].map(({ path, attributes }) => [path, attributes?.['user.a']])
    expect(shown).toEqual([
      ['data', undefined],
      ['data/kept', '32'],
      ['again', '34'],
      ['labelled', undefined],
    ])
  })

  it('hands out the bytes of its files, and zeros after their end', async () => {
    const { content } = await open(layout([LOWER, UPPER]))
    const bytes = Buffer.alloc(6, 'x')
    content('usr/bin/app')?.(bytes, 3)
    expect(bytes.toString()).toBe('gram\0\0')
    expect(content('usr/bin')).toBeNull()
  })

  it('says what a container of it starts, as whom, and where the program lies', async () => {
    const path = layout([LOWER, UPPER], { Entrypoint: ['app'], Cmd: ['-v'], User: 'app', WorkingDir: '/etc' })
    const own = await open(path)
    expect(own.process).toMatchObject({ args: ['app', '-v'], cwd: '/etc', uid: 1000, gid: 1001 })
    expect(programIn(own, own.process.args)).toBe('usr/bin/app')
    expect(programIn(own, ['/bin/second'])).toBe('usr/bin/second')
    expect(() => programIn(own, ['nothing'])).toThrow('has no program "nothing"')
    expect(() => programIn(own, [])).toThrow('names neither an entrypoint nor a command')
  })

  it('is read from an archive of the layout, too', async () => {
    const path = layout([LOWER])
    const names = ['index.json', 'oci-layout']
    const blobs = readdirSync(join(path, 'blobs/sha256'))
    const archive = join(place(), 'app.tar')
    const entries = [...names, ...blobs.map((name) => `blobs/sha256/${name}`)].map((name) => {
      const content = readFileSync(join(path, name))
      return { entry: { ...PLAIN, path: name, size: content.length }, content }
    })
    writeFileSync(archive, archiveOf(entries))
    const [one, other] = [await open(path), await open(archive)]
    expect(other.facts.digest).toBe(one.facts.digest)
    expect([...other.manifest]).toEqual([...one.manifest])
  })

  it('is read from what docker save wrote, where one layer may be a link to another', async () => {
    const config = JSON.stringify({
      os: 'linux',
      architecture: architectureHere(),
      rootfs: { diff_ids: [LOWER, LOWER].map((layer) => `sha256:${digestOf(layer)}`) },
    })
    const name = `${digestOf(Buffer.from(config))}.json`
    const manifest = JSON.stringify([
      { Config: name, RepoTags: ['app:1'], Layers: ['one/layer.tar', 'two/layer.tar'] },
    ])
    const archive = join(place(), 'app.tar')
    const content = { entry: { ...PLAIN, path: 'one/layer.tar', size: LOWER.length }, content: LOWER }
    writeFileSync(
      archive,
      archiveOf([
        file(name, config),
        content,
        link('two/layer.tar', '../one/layer.tar'),
        file('manifest.json', manifest),
      ]),
    )
    const own = await open(archive)
    expect(own.facts).toMatchObject({ name: 'app:1', layers: 2 })
    expect(own.manifest.get('usr/bin/app')?.size).toBe(7)
  })
})

describe('a scenario with files of its own', () => {
  const spec = { name: 'mine', seed: 1, profile: 'own', layers: 1, compressibility: 2 } as const
  const onto = (own: OwnImage, ...paths: string[]) =>
    createImage({ ...spec, own, files: paths.map((path) => ({ path, size: 1 })) })

  it('lays them on the image, which all of them share', async () => {
    const own = await open(layout([LOWER, UPPER]))
    const [one, other] = [onto(own, 'var/one'), onto(own, 'var/other')]
    expect(one.id).not.toBe(other.id)
    expect(one.layers).toHaveLength(1)
    expect(one.on?.id).toBe(other.on?.id)
    expect(one.on?.layers).toBe(own.layers)
    expect(stackOf(one)).toHaveLength(3)
    expect(createImage({ ...spec, own })).toEqual(one.on)
  })

  it('that measures how deep they lie has them below the image', async () => {
    const own = await open(layout([LOWER, UPPER]))
    const image = createImage({ ...spec, own, files: [{ path: 'var/one', size: 1 }], lowest: true })
    expect(image.on).toBeUndefined()
    expect(image.layers.slice(1)).toEqual(own.layers)
  })

  it('is refused where the image has them, or a link above them, which would lead out of it', async () => {
    const own = await open(layout([LOWER]))
    expect(() => onto(own, 'gone/a')).toThrow('it holds gone/a, which the scenario brings itself')
    expect(() => onto(own, 'bin/mine')).toThrow(
      "its bin is no directory, and the scenario's own files lie below it",
    )
  })
})

describe('a wrong image is one line', () => {
  const refusal = async (path: string) =>
    open(path).then(
      () => null,
      (error: unknown) => error as { message: string; code: string },
    )

  it('a blob that is not what its digest says', async () => {
    const path = layout([LOWER])
    const blobs = join(path, 'blobs/sha256')
    const sizeOf = (name: string) => statSync(join(blobs, name)).size
    const [largest = ''] = readdirSync(blobs).toSorted((a, b) => sizeOf(b) - sizeOf(a))
    appendFileSync(join(blobs, largest), 'x')
    expect(await refusal(path)).toMatchObject({ code: 'usage.image' })
    expect((await refusal(path))?.message).toContain(`not what its digest sha256:`)
  })

  it('another platform, no layers', async () => {
    const other = place()
    writeLayout(other, 'app', [gzipSync(LOWER)], {}, 's390x')
    expect((await refusal(other))?.message).toContain('it is of linux/s390x, and this machine is linux/')
    expect((await refusal(layout([])))?.message).toContain('it has no layers')
  })

  it.each([
    ['index.json', '{', /index.json is no JSON/],
    ['index.json', '{"manifests":[]}', /there is no image in it/],
    ['index.json', '{"manifests":[{"digest":"sha256:x","size":1}]}', /is no digest of SHA-256/],
  ])('%s of %s', async (name, content, message) => {
    const path = layout([LOWER])
    writeFileSync(join(path, name), content)
    expect((await refusal(path))?.message).toMatch(message)
  })

  it('a folder without an image, a file that is none, one that is compressed, one that is not there', async () => {
    const path = place()
    const garbage = join(path, 'garbage')
    writeFileSync(garbage, 'x'.repeat(2000))
    const compressed = join(path, 'app.tar.gz')
    writeFileSync(compressed, gzipSync(LOWER))
    expect((await refusal(path))?.message).toContain('neither index.json nor manifest.json')
    expect(await refusal(garbage)).toMatchObject({ code: 'usage.image' })
    expect((await refusal(compressed))?.message).toContain('compressed as a whole')
    expect((await refusal(join(path, 'nothing')))?.message).toContain('no such file')
  })

  it('a layer that leaves the tree', async () => {
    const path = layout([archiveOf([file('../escape', 'x')])])
    expect((await refusal(path))?.message).toMatch(/a layer cannot be read: .*leaves the tree/)
  })
})
