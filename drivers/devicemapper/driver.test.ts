/** Behaviour of the driver that needs no kernel: options, space, support. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SyscallError } from '../../harness/contracts/syscalls.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { configure } from '../testsuite/configuration.ts'
import { discardDevice } from './discard.ts'
import { requestCode } from '../../harness/linux/dm/control.ts'
import { HEADER_SIZE } from '../../harness/linux/dm/header.ts'
import { createDriver, devicemapper } from './index.ts'
import { devicemapperOptions } from './options.ts'
import { splitSpace } from '../common/thin/pool-devices.ts'
import { createUndo } from '../common/undo.ts'

const KIBIBYTE = 1024
const GIBIBYTE = 1024 ** 3

const home = mkdtempSync(join(tmpdir(), 'bench-test-'))
beforeAll(() => {
  mkdirSync(join(home, 'mapper'))
  writeFileSync(join(home, 'mapper', 'control'), '')
  writeFileSync(join(home, 'misc'), '')
})
afterAll(() => rmSync(home, { recursive: true }))

describe('options', () => {
  test('defaults', () =>
    expect(devicemapperOptions.parse({})).toEqual({
      pool: 'device',
      blocksize: 65536,
      full: 'error',
      minfree: 0,
    }))

  test.for(['64K', '192K', '1M', '1G'])('a block of %s', (blocksize) => {
    expect(devicemapperOptions.safeParse({ blocksize }).success).toBe(true)
  })

  test.for(['32K', '100K', '65K', '2G', 'big'])('no block of %s', (blocksize) => {
    expect(devicemapperOptions.safeParse({ blocksize }).success).toBe(false)
  })

  test.for([{ pool: 'disk' }, { size: '1G' }, { full: 'wait' }, { minfree: '100' }])(
    'refused: %o',
    (given) => {
      expect(devicemapperOptions.safeParse(given).success).toBe(false)
    },
  )
})

describe('the scratch, divided', () => {
  test('whole blocks of data, whole mebibytes of metadata, never more than there is', () => {
    const space = fc.integer({ min: 2 * GIBIBYTE, max: 8192 * GIBIBYTE })
    const blocks = fc.constantFrom(64 * KIBIBYTE, 192 * KIBIBYTE, 1024 ** 2, GIBIBYTE)
    fc.assert(
      fc.property(space, blocks, (bytes, blockSize) => {
        const { metadataSize, dataSize } = splitSpace(bytes, blockSize)
        expect(metadataSize % 1024 ** 2).toBe(0)
        expect(dataSize % blockSize).toBe(0)
        expect(metadataSize + dataSize).toBeLessThanOrEqual(bytes)
        expect(metadataSize + dataSize).toBeGreaterThan(bytes - blockSize)
        expect(metadataSize).toBeLessThanOrEqual(16 * GIBIBYTE)
      }),
    )
  })

  test('1 % for metadata, as in Docker’s guide', () => {
    expect(splitSpace(100 * GIBIBYTE, 65536).metadataSize).toBe(GIBIBYTE)
  })

  test('too little for one block', () => {
    expect(() => splitSpace(512 * 1024 ** 2, GIBIBYTE)).toThrow(
      expect.objectContaining({ code: 'driver.scratch-too-small' }),
    )
  })
})

describe('space needed', () => {
  const needed = (blocksize: string, layers: readonly number[], containers: number, changed: number) =>
    devicemapper.meta.spaceNeeded(configure(devicemapper, 'ext4', { blocksize }), layers, containers, changed)

  test('a layer takes whole blocks', () => {
    expect(needed('64K', [1], 0, 0)).toBe(needed('64K', [65536], 0, 0))
    expect(needed('64K', [65537], 0, 0) - needed('64K', [65536], 0, 0)).toBe(65536)
  })

  test('a byte costs a container a block, whatever the image', () => {
    for (const image of [1024 ** 2, GIBIBYTE]) {
      expect(needed('512K', [image], 1, 1) - needed('512K', [image], 1, 0)).toBe(512 * KIBIBYTE)
    }
  })

  test('scattered changes never cost more than all there is', () => {
    const image = 10 * 1024 ** 2
    expect(needed('1G', [image], 1, image)).toBeLessThan(32 * GIBIBYTE)
    expect(needed('64K', [image], 1, image) - needed('64K', [image], 1, 0)).toBeLessThan(3 * image)
  })
})

describe('probe', () => {
  const files = { mapper: join(home, 'mapper'), misc: join(home, 'misc') }
  const config = configure(devicemapper)

  test('without device mapper: what is missing, and what would help', async () => {
    const driver = createDriver({ ...files, mapper: join(home, 'absent') })
    const host = createFakeHost()
    expect(await driver.probe(host, config)).toMatchObject({
      ok: false,
      code: 'kernel.no-device-mapper',
      reason: expect.stringContaining('0.0.0-fake'),
      hint: expect.stringContaining('CONFIG_DM_THIN_PROVISIONING'),
    })
    expect(host.calls).toEqual(['run modprobe --quiet dm-thin-pool'])
  })

  test('without thin provisioning: which targets are missing', async () => {
    const host = createFakeHost({
      programs: [],
      syscalls: {
        ioctl(_, request, argument) {
          expect(request).toBe(requestCode('listVersions'))
          argument.set(Buffer.from('linear\0'), HEADER_SIZE + 16)
          return 0
        },
      },
    })
    const support = await createDriver(files).probe(host, config)
    expect(support).toMatchObject({
      ok: false,
      code: 'kernel.no-device-mapper',
      reason: expect.stringMatching(/thin-pool, thin$/),
    })
  })
})

describe('discarding a device', () => {
  test('asks for all of it', () => {
    const node = join(home, 'node')
    writeFileSync(node, '')
    const ranges: bigint[][] = []
    const { syscalls } = createFakeHost({
      syscalls: {
        ioctl(_, request, argument) {
          const range = Buffer.from(argument)
          expect(request).toBe(0x1277)
          ranges.push([range.readBigUInt64LE(0), range.readBigUInt64LE(8)])
          return 0
        },
      },
    })
    discardDevice(syscalls, node, GIBIBYTE)
    expect(ranges).toEqual([[0n, BigInt(GIBIBYTE)]])
  })
})

describe('undo', () => {
  test('youngest first; goes on where a step failed', async () => {
    const undo = createUndo()
    const log: string[] = []
    let busy = true
    undo.add(() => void log.push('oldest'))
    undo.add(() => {
      if (busy) throw new SyscallError('ioctl', 16, 'EBUSY', '')
      log.push('busy')
    })
    undo.add(() => void log.push('youngest'))
    await expect(undo.run()).rejects.toMatchObject({ code: 'EBUSY' })
    expect(log).toEqual(['youngest'])
    busy = false
    await undo.run()
    expect(log).toEqual(['youngest', 'busy', 'oldest'])
  })

  test('abandoning throws the reason, and says what could not be undone', async () => {
    const undo = createUndo()
    const reason = new Error('no space')
    await expect(undo.abandon(reason)).rejects.toBe(reason)
    undo.add(() => {
      throw new Error('still mounted')
    })
    await expect(undo.abandon(reason)).rejects.toMatchObject({
      code: 'driver.not-released',
      message: 'no space; after that: still mounted',
      cause: reason,
    })
  })
})
