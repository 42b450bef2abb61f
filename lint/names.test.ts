import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { drivers } from '../drivers/index.ts'
import { folderOf } from '../harness/contracts/driver.ts'
import { ALLOWED, DRIVERS, driversIn } from './names.js'
import { lintPlanted } from './planted.ts'

const NAMING = [
  [`export const x = 'overlay2'`, 'a string'],
  [`export const x = ['overlay2@xfs+reflink=off', 1]`, 'a configuration'],
  ['export const x = (n: number) => `erofs or ${n}`', 'a template'],
  [`export const x = { aufs: 1 }`, 'a key'],
  [`export const x = { 'fuse-overlayfs': 1 }`, 'a quoted key'],
  [`export const is = (id: string) => id === 'blockcow'`, 'a comparison'],
] as const

const INNOCENT = [
  [`/** As overlay2 does. */\nexport const x = 1 // of zfs`, 'comments'],
  [`export { x } from './zfs.ts'`, 'the path of an import'],
  [`export const x = ['overlay', 'mkfs.erofs', 'zfs-dkms', 'dm-zfs', 'barely', 'vfs_cache']`, 'longer words'],
] as const

const fileOf = (index: number) => `harness/plan/case-${index}.ts`
const ELSEWHERE = [
  'harness/plan/own.test.ts',
  'harness/plan/testing/fake.ts',
  'drivers/vfs/index.ts',
  'reports/x.ts',
]

let messages: Map<string, string[]>
beforeAll(() => {
  const cases = [...NAMING, ...INNOCENT].map(([source], index) => [fileOf(index), source] as const)
  const elsewhere = ELSEWHERE.map((file) => [file, NAMING[0][0]] as const)
  messages = lintPlanted([...cases, ...elsewhere])('names(drivers)')
})

test('drivers are called as their folders', () => {
  const folders = new Set(drivers.map(({ meta }) => folderOf(meta)))
  expect(DRIVERS.toSorted()).toEqual([...folders].toSorted())
})

describe('the harness names no driver', () => {
  test.for([...NAMING.entries()])('refuses case %i: %s', ([index]) => {
    expect(messages.get(fileOf(index))).toHaveLength(1)
  })

  test.for([...INNOCENT.entries()])('sees none in case %i: %s', ([index]) => {
    expect(messages.get(fileOf(NAMING.length + index))).toBeUndefined()
  })

  test.for(ELSEWHERE)('%s is not the harness, or tests it', (file) => {
    expect(messages.get(file)).toBeUndefined()
  })

  test('says which, and where it belongs', () => {
    expect(messages.get(fileOf(1))).toEqual([
      "the harness names no driver, and this is overlay2: take it from the driver's meta",
    ])
  })
})

test.for(Object.entries(ALLOWED))(
  '%s still names what it may name, and has a reason',
  ([file, { names, why }]) => {
    const text = readFileSync(path.resolve(import.meta.dirname, '..', file), 'utf8')
    expect(driversIn(text)).toEqual(expect.arrayContaining([...names]))
    expect(why).not.toBe('')
  },
)
