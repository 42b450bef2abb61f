import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { kernelDefault, overlayOptionsOf, setByKernel } from './overlay-parameters.ts'

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

test('an option that a parameter of the kernel set is no option that the mount asked for', () => {
  expect(setByKernel('rw,redirect_dir=on,xino=off', folder)).toEqual(['metacopy=on'])
  expect(setByKernel('rw,metacopy=off,xino=off', folder)).toEqual([])
})

test('a kernel that is older than an option has it off', () => {
  rmSync(join(folder, 'metacopy'))
  expect(kernelDefault(folder, 'metacopy')).toBe('off')
  expect(kernelDefault(folder, 'volatile')).toBe('off')
})
