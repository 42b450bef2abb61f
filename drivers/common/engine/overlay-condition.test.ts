import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { naiveDiff, overlayCondition, withWarnings } from './overlay-condition.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-parameters-'))
  writeFileSync(join(folder, 'metacopy'), 'Y\n')
  return () => rmSync(folder, { recursive: true })
})

const conditionOf = (options: string, asked = {}) =>
  overlayCondition(
    { type: 'overlay', superOptions: `rw,lowerdir=/a:/b,upperdir=/u,workdir=/w,${options}` },
    { text: 'engine:overlay@ext4', asked },
    folder,
  )

test('an overlay as the driver without the engine mounts it is no warning', () => {
  expect(conditionOf('metacopy=off')).toEqual({
    details: { mounted: 'overlay rw,metacopy=off,redirect_dir=off,index=off,xino=off' },
  })
  expect(conditionOf('metacopy=off,volatile', { volatile: 'on' }).warnings).toBeUndefined()
})

test('what the configuration does not say is said with its origin', () => {
  const codes = (options: string, asked = {}) =>
    conditionOf(options, asked).warnings?.map(({ code, message }) => [code, message.split(':')[1]])
  expect(codes('userxattr,volatile', { index: 'on' })).toEqual([
    ['engine.option-ignored', 'overlay@ext4 is mounted without index=on'],
    ['engine.mount-option', 'overlay@ext4 is mounted with userxattr and volatile'],
    ['engine.kernel-default', 'overlay@ext4 is mounted with metacopy=on'],
  ])
})

test('an engine that does not trust the upper directory says so itself', () => {
  expect(naiveDiff('engine:overlay@ext4', 'true')).toEqual([])
  expect(naiveDiff('engine:overlay@ext4', undefined)).toEqual([])
  const [warning] = naiveDiff('engine:overlay@ext4', 'false')
  expect(warning?.code).toBe('engine.naive-diff')
  expect(withWarnings({ details: { mounted: 'overlay' } }, warning ? [warning] : [])).toEqual({
    details: { mounted: 'overlay' },
    warnings: [warning],
  })
})
