/** The order of what is done to the host, and what a kernel without file-backed mounts answers. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SyscallError } from '../../harness/contracts/syscalls.ts'
import { createFakeHost, type FakeHost } from '../../harness/testing/fake-host.ts'
import { Layers } from './layers.ts'
import { erofsOptions } from './options.ts'
import { packedLayers } from '../common/space.ts'

let home: string
let store: string
let mountPoints: string

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  store = join(home, 's')
  mountPoints = join(home, 'l')
  for (const id of ['0', '1']) mkdirSync(join(store, id, 'd'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

/** mkfs.erofs makes its image; a mount of a file is refused as by a kernel before 6.12. */
function oldKernel(): FakeHost {
  const host = createFakeHost({
    run(_program, args) {
      writeFileSync(args.at(-2) ?? '', 'image')
      return ''
    },
  })
  return {
    ...host,
    async mount(mounts, target) {
      await host.mount(mounts, target)
      if (mounts.some(({ options }) => !options.includes('loop'))) {
        throw new SyscallError('mount', 15, 'ENOTBLK', target)
      }
    },
  }
}

function openLayers(host: FakeHost, options: Readonly<Record<string, string>>): Layers {
  return new Layers(host, { store, mountPoints }, erofsOptions.parse(options))
}

const callsOf = (host: FakeHost) => host.newCalls().map((call) => call.replaceAll(home, ''))
const add = (layers: Layers, id: string) => layers.add(id, join(store, id, 'd'))

test('the journal has it before it is made, and until it is gone', async () => {
  const host = oldKernel()
  const layers = openLayers(host, { mount: 'loop', compress: 'lz4' })
  await add(layers, '0')
  await add(layers, '1')
  await layers[Symbol.asyncDispose]()
  await layers[Symbol.asyncDispose]()
  expect(callsOf(host)).toEqual([
    'journal record {"kind":"loop","path":"/s"}',
    'journal record {"kind":"mount","path":"/l"}',
    'run mkfs.erofs --quiet -E noinline_data -zlz4 /s/0/image /s/0/d',
    'mount erofs /s/0/image /l/0 ro,loop',
    'run mkfs.erofs --quiet -E noinline_data -zlz4 /s/1/image /s/1/d',
    'mount erofs /s/1/image /l/1 ro,loop',
    'unmount /l/1',
    'unmount /l/0',
    'journal forget {"kind":"mount","path":"/l"}',
    'journal forget {"kind":"loop","path":"/s"}',
  ])
})

describe('where the kernel mounts no files', () => {
  test('auto: by a loop device, and the file is not tried again', async () => {
    const host = oldKernel()
    const layers = openLayers(host, { mount: 'auto' })
    await add(layers, '0')
    await add(layers, '1')
    expect(callsOf(host).filter((call) => call.startsWith('mount'))).toEqual([
      'mount erofs /s/0/image /l/0 ro',
      'mount erofs /s/0/image /l/0 ro,loop',
      'mount erofs /s/1/image /l/1 ro,loop',
    ])
  })

  test('file: says what would work, and leaves nothing of the layer', async () => {
    const layers = openLayers(oldKernel(), { mount: 'file' })
    await expect(add(layers, '0')).rejects.toMatchObject({
      code: 'kernel.no-file-mount',
      hint: expect.stringContaining('mount=loop'),
    })
    expect(existsSync(layers.root('0'))).toBe(false)
    expect(existsSync(layers.image('0'))).toBe(false)
  })
})

describe('space needed', () => {
  const sizes = fc.array(fc.nat(1e12), { minLength: 1 })

  test('holds every layer while it is there twice, and all containers', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 8 }), fc.nat(1e9), (layers, containers, changed) => {
        const needed = packedLayers(layers, containers, changed)
        let images = 0
        for (const layer of layers) {
          expect(needed).toBeGreaterThanOrEqual(images + 2 * layer)
          images += layer
        }
        expect(needed).toBeGreaterThanOrEqual(images + containers * changed)
        expect(needed).toBeLessThanOrEqual(2 * images + containers * changed)
        // Only one image is made at a time.
        expect(packedLayers(layers, 0, 0)).toBe(images)
      }),
    )
  })
})
