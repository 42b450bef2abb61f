import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskFolder } from '../../testing/scratch-file.ts'
import { measureNoise } from './noise.ts'

describe('the noise of a host', () => {
  test('is that of a durable write and of arithmetic, done in turn', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'file')
    writeFileSync(path, Buffer.alloc(8192))
    const noise = (await measureNoise({ path, seconds: 0.1, stopping: () => false })) ?? []
    expect(noise.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['disk', 0.1],
      ['cpu', 0.1],
    ])
    expect(noise[0]?.n).toBe(noise[1]?.n)
    for (const { n, median, coefficientOfVariation } of noise) {
      expect(n).toBeGreaterThanOrEqual(2)
      expect(median).toBeGreaterThan(0)
      expect(coefficientOfVariation).toBeGreaterThan(0)
    }
    const content = readFileSync(path)
    expect(content.subarray(0, 4096).every((byte) => byte !== 0)).toBe(true)
    expect(content.subarray(4096)).toEqual(Buffer.alloc(4096))
  })

  test('takes at least two of each, however short the time', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'file')
    writeFileSync(path, '')
    const noise = await measureNoise({ path, seconds: 0, stopping: () => false })
    expect(noise?.map(({ n }) => n)).toEqual([2, 2])
  })

  test('is not told when it is time to stop, of which it hears while it measures', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'file')
    writeFileSync(path, '')
    let stopped = false
    setTimeout(() => (stopped = true), 20)
    expect(await measureNoise({ path, seconds: 3600, stopping: () => stopped })).toBeNull()
  })
})
