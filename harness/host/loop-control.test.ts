import { closeSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { benchErrorOf } from '../testing/errors.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { openLoopControl } from './loop-control.ts'

test('what nobody has loaded is loaded', () => {
  using folder = diskFolder()
  const path = join(folder.path, 'loop-control')
  let loaded = 0
  const load = () => {
    loaded += 1
    writeFileSync(path, '')
  }
  for (let times = 0; times < 2; times += 1) closeSync(openLoopControl(path, load))
  expect(loaded).toBe(1)
})

test('a kernel without loop devices is said to have none', () => {
  const error = benchErrorOf(() => openLoopControl('/nowhere/loop-control', () => undefined))
  expect(error).toMatchObject({ code: 'host.no-loop', exitCode: 4 })
  expect(error.message).toMatch(/no loop devices/)
})
