import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { kernelDefault, overlayDifferences, overlayOptionsOf } from './overlay-parameters.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-parameters-'))
  for (const name of ['redirect_dir', 'index']) writeFileSync(join(folder, name), 'N\n')
  for (const name of ['metacopy', 'xino_auto']) writeFileSync(join(folder, name), 'Y\n')
  return () => rmSync(folder, { recursive: true })
})

test("an option that a mount does not show has the kernel's default", () => {
  expect(overlayOptionsOf('rw,lowerdir=/l,upperdir=/u,redirect_dir=on,xino=off', folder)).toEqual({
    redirect_dir: 'on',
    metacopy: 'on',
    index: 'off',
    xino: 'off',
  })
})

describe('what a mount has otherwise than it should', () => {
  const differences = (superOptions: string, asked = {}) =>
    overlayDifferences(`rw,lowerdir=/l,upperdir=/u,workdir=/w,${superOptions}`, asked, folder)

  test('a parameter of the kernel, where the mount does not say otherwise', () => {
    expect(differences('xino=off')).toEqual([{ option: 'metacopy=on', by: 'kernel' }])
    expect(differences('metacopy=off,xino=off,redirect_dir=nofollow,fsync=auto,uuid=on')).toEqual([])
  })

  test('an option that the mount was given', () => {
    const given = 'metacopy=off,xino=off,redirect_dir=on,index=on,fsync=volatile,userxattr'
    expect(differences(given)).toEqual([
      { option: 'redirect_dir=on', by: 'mount' },
      { option: 'index=on', by: 'mount' },
      { option: 'volatile', by: 'mount' },
      { option: 'userxattr', by: 'mount' },
    ])
  })

  test('nothing that the configuration asks for, unless it is missing', () => {
    const asked = { volatile: 'on', metacopy: 'on' }
    expect(differences('xino=off,volatile', asked)).toEqual([])
    expect(differences('xino=off,metacopy=off', asked)).toEqual([
      { option: 'metacopy=on', by: 'nobody' },
      { option: 'volatile', by: 'nobody' },
    ])
  })
})

test('a kernel that is older than an option has it off', () => {
  rmSync(join(folder, 'metacopy'))
  expect(kernelDefault(folder, 'metacopy')).toBe('off')
  expect(kernelDefault(folder, 'volatile')).toBe('off')
})
