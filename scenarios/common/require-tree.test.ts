import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { requireTree } from './require-tree.ts'
import { readTree, withoutAttributes } from './tree-state.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-require-tree-'))
  return () => rmSync(folder, { recursive: true })
})

const host = createFakeHost({ syscalls: { llistxattr: () => [] } })
const trialOf = (adds: readonly string[]) =>
  ({ host, record: { warning: () => undefined }, evidence: { adds: new Set(adds) } }) as unknown as Trial

test('what an engine adds to its containers is no part of the image, and what the image has of it counts', () => {
  mkdirSync(join(folder, 'etc'))
  writeFileSync(join(folder, 'etc/hosts'), 'of the image')
  const image = readTree(host.syscalls, folder)
  const alone = requireTree(trialOf([]), folder, image, 'the image')

  writeFileSync(join(folder, '.engine'), '')
  const adds = ['.engine', 'etc/hosts']
  expect(requireTree(trialOf(adds), folder, image, 'the image')).toBe(alone)
  expect(() => requireTree(trialOf([]), folder, image, 'the image')).toThrow('.engine should not be there')

  writeFileSync(join(folder, 'etc/hosts'), '')
  expect(() => requireTree(trialOf(adds), folder, image, 'the image')).toThrow('etc/hosts: ')
})

test('a commit that drops attributes leaves all else', () => {
  const state = { type: 'file', mode: '644', 'time of change': '1', 'same file as': 'a' }
  const kept = { ...state, 'security.capability': '01' }
  const tree = new Map([['a', { ...kept, 'user.bench': '00' }]])
  expect(withoutAttributes(tree)).toEqual(new Map([['a', kept]]))
})
