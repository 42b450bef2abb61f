import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { configure } from '../testsuite/configuration.ts'
import { overlay2 } from './index.ts'
import { mountOptions, overlayOptions, requireBackingFits } from './options.ts'

/** The module's parameters, as a kernel with these settings shows them. */
let parameters: string
const kernelSays = (name: string, value: 'Y' | 'N') => writeFileSync(join(parameters, name), `${value}\n`)

const told = (options: Record<string, string>) => mountOptions(overlayOptions.parse(options), parameters)

beforeEach(() => {
  parameters = mkdtempSync(join(tmpdir(), 'bench-test-overlay-'))
  for (const name of ['redirect_dir', 'metacopy', 'index', 'xino_auto']) kernelSays(name, 'N')
})
afterEach(() => rmSync(parameters, { recursive: true }))

describe('the mount options', () => {
  test('nothing, where its defaults are ours', () => {
    expect(told({})).toEqual([])
  })

  test('each option that is on', () => {
    expect(told({ index: 'on', xino: 'auto', redirect_dir: 'nofollow' })).toEqual([
      'redirect_dir=nofollow',
      'index=on',
      'xino=auto',
    ])
  })

  test('metacopy takes redirect_dir with it', () => {
    expect(told({ metacopy: 'on' })).toEqual(['redirect_dir=on', 'metacopy=on'])
  })

  test('off, where the kernel has been set to on', () => {
    for (const name of ['redirect_dir', 'metacopy', 'index', 'xino_auto']) kernelSays(name, 'Y')
    expect(told({})).toEqual(['redirect_dir=off', 'metacopy=off', 'index=off', 'xino=off'])
    expect(told({ metacopy: 'on', index: 'on', xino: 'auto' })).toEqual([])
  })

  test('no name that the kernel is too old to know', () => {
    rmSync(join(parameters, 'metacopy'))
    expect(told({})).toEqual([])
  })
})

describe('fsync=', () => {
  test('volatile=on is another name of fsync=volatile, and one configuration has one name', () => {
    const options = overlayOptions.parse({ volatile: 'on' })
    expect(options).toEqual(overlayOptions.parse({ fsync: 'volatile' }))
    expect(z.encode(overlayOptions, options)).toMatchObject({ volatile: 'off', fsync: 'volatile' })
  })

  test('volatile=on with another fsync= is refused', () => {
    const { error } = overlayOptions.safeParse({ volatile: 'on', fsync: 'strict' })
    expect(error?.issues[0]?.message).toMatch('another fsync= is given')
  })
})

describe('options that do not go together', () => {
  test('metacopy without redirect_dir', () => {
    const { error } = overlayOptions.safeParse({ metacopy: 'on', redirect_dir: 'off' })
    expect(error?.issues[0]?.message).toMatch('metacopy=on needs redirect_dir=on')
  })

  test('reflink=off on a backing other than xfs', () => {
    expect(() => requireBackingFits(configure(overlay2, 'ext4', { reflink: 'off' }))).toThrow(/mkfs\.xfs/)
    expect(() => requireBackingFits(configure(overlay2, 'xfs', { reflink: 'off' }))).not.toThrow()
  })
})
