import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { whyNotCounted } from './uncounted.ts'

let sys: string
beforeEach(() => void (sys = mkdtempSync(join(tmpdir(), 'bench-test-sysfs-'))))
afterEach(() => rmSync(sys, { recursive: true }))

interface Device {
  fields?: number
  cache?: string
  fua?: string | null
  hasQueue?: boolean
  isPartition?: boolean
}

/** Makes the folder of a device that is a loop device unless it is said otherwise. */
function device(
  name: string,
  { fields = 17, cache = 'write back', fua = '0', hasQueue = true, isPartition = false }: Device = {},
): string {
  const disk = join(sys, isPartition ? `disk-of-${name}` : name)
  const folder = isPartition ? join(disk, name) : disk
  mkdirSync(join(disk, 'queue'), { recursive: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(disk, 'queue', 'write_cache'), `${cache}\n`)
  if (fua !== null) writeFileSync(join(disk, 'queue', 'fua'), `${fua}\n`)
  if (hasQueue) mkdirSync(join(disk, 'mq'))
  writeFileSync(join(folder, 'stat'), `${Array.from({ length: fields }, (_, index) => index).join('  ')}\n`)
  if (isPartition) writeFileSync(join(folder, 'partition'), '1\n')
  return folder
}

const reasons = (...devices: string[]) => whyNotCounted(devices, (folder) => folder)

describe('what is not counted', () => {
  it('of a loop device: nothing', () => expect(reasons(device('loop0'))).toEqual({}))

  it.each([
    ['a partition', { isPartition: true }, /no flushes of a partition/],
    ['a device without a queue of requests', { hasQueue: false }, /no queue of requests/],
    ['a kernel before 5.5', { fields: 15 }, /older than Linux 5\.5/],
    ['a device without a volatile cache', { cache: 'write through' }, /no volatile write cache/],
  ] as const)('flushes of %s', (_, like, reason) => {
    expect(reasons(device('one', like))).toEqual({ flushes: expect.stringMatching(reason) })
  })

  it.each([
    ['a device that takes them', '1', /counts them as writes only/],
    ['a device of which it is not known', null, /does not say/],
  ] as const)('FUA writes of %s', (_, fua, reason) => {
    expect(reasons(device('one', { fua }))).toEqual({ fuaWrites: expect.stringMatching(reason) })
  })

  it('FUA writes of a partition whose disk takes them', () => {
    expect(reasons(device('one', { isPartition: true, fua: '1' }))).toHaveProperty('fuaWrites')
  })

  it('one of several devices is enough', () => {
    const fua = device('nvme0n1', { fua: '1' })
    expect(reasons(device('loop0'), fua)).toEqual({ fuaWrites: expect.stringContaining(fua) })
  })

  it('of no device: neither', () => expect(Object.keys(reasons())).toEqual(['flushes', 'fuaWrites']))
})
