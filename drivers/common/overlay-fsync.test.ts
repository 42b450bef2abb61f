import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { fsyncCondition, fsyncMountOptions, requireFsyncMode, shownFsyncMode } from './overlay-fsync.ts'

const shows = (option: string) => `rw,lowerdir=/s/2/d:/s/1/d,upperdir=/s/3/d,workdir=/s/3/w${option}`

describe('what the mount table shows', () => {
  it.each([
    [',volatile', 'volatile'],
    [',fsync=volatile', 'volatile'],
    [',fsync=strict', 'strict'],
    [',fsync=auto,index=on', 'auto'],
    ['', null],
    [',xino=off', null],
  ])('%s', (option, mode) => expect(shownFsyncMode(shows(option))).toBe(mode))

  it('does not find an option within a path', () => {
    expect(shownFsyncMode('rw,lowerdir=/volatile:/fsync=strict')).toBeNull()
  })
})

describe('the condition of a mount', () => {
  it.each(['auto', 'strict', 'volatile'] as const)('%s: the witness has what is shown', (mode) => {
    const shown = shows(
      fsyncMountOptions(mode)
        .map((option) => `,${option}`)
        .join(''),
    )
    expect(fsyncCondition(mode, shown)).toEqual({ details: { overlayFsync: mode } })
  })

  it('auto is not shown by kernels of which it is the default', () => {
    expect(fsyncCondition('auto', shows(''))).toEqual({ details: { overlayFsync: 'auto' } })
  })

  it.each([
    ['strict', ''],
    ['strict', ',volatile'],
    ['auto', ',fsync=strict'],
    ['volatile', ',fsync=strict'],
  ] as const)('%s was asked for, and "%s" is shown: the sample fails', (mode, shown) => {
    expect(fsyncCondition(mode, shows(shown)).failure).toMatchObject({ code: 'witness.mount-option' })
  })

  it('nothing was asked for: nothing is said', () => {
    expect(fsyncCondition('kernel', shows(',fsync=strict'))).toEqual({})
  })
})

describe('a kernel that is tried', () => {
  let backing: string
  beforeEach(() => void (backing = mkdtempSync(join(tmpdir(), 'bench-test-fsync-'))))
  afterEach(() => rmSync(backing, { recursive: true }))

  const refusing = (errno: string) => ({
    ...createFakeHost(),
    mount: () => Promise.reject(Object.assign(new Error('mount(2) failed'), { code: errno })),
  })

  it('and refuses the option is unsupported, with a hint', async () => {
    await expect(requireFsyncMode(refusing('EINVAL'), 'strict', backing)).rejects.toMatchObject({
      code: 'kernel.no-overlay-fsync',
      message: 'overlay of this kernel (0.0.0-fake) has no mount option fsync=strict',
      hint: expect.stringContaining('omit the option'),
    })
    expect(readdirSync(backing)).toEqual([])
  })

  it('and takes the option without doing it is unsupported, too', async () => {
    await expect(requireFsyncMode(createFakeHost(), 'volatile', backing)).rejects.toMatchObject({
      code: 'kernel.no-overlay-fsync',
      hint: expect.stringContaining('Linux 5.10'),
    })
    expect(readdirSync(backing)).toEqual([])
  })

  it('and fails otherwise is not said to lack the option', async () => {
    await expect(requireFsyncMode(refusing('ENOSPC'), 'strict', backing)).rejects.toMatchObject({
      code: 'ENOSPC',
    })
  })

  it('is not tried where the option is not given', async () => {
    await expect(requireFsyncMode(refusing('EINVAL'), 'kernel', backing)).resolves.toBeUndefined()
  })
})
