/** `bench plan` with the real drivers and scenarios. */
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Cell } from '../contracts/cell.ts'
import type { RunOptions } from '../contracts/options.ts'
import { makePlace, treeOf, type Place } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'

interface PrintedPlan {
  options: RunOptions
  cells: Cell[]
  firstRound: string[]
  seconds: { least: number; most: number }
}

/** A thorough plan has thousands of cells, and the machine may be busy. */
const SECONDS_OF_THOUSANDS_OF_CELLS = 30

async function plan(place: Place, ...args: readonly string[]): Promise<PrintedPlan> {
  const { code, stdout, stderr } = await benchHere(place, 'plan', ...args, '--json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as PrintedPlan
}

test.each(['quick', 'standard', 'thorough'])(
  'every driver shows configurations and every scenario has a %s profile that can be planned',
  async (profile) => {
    using place = makePlace()
    const whole = await plan(place, '--driver', 'all', '--scenario', 'all', '--profile', profile)
    const { options, cells } = whole
    for (const scenario of [
      'bigfile',
      'smallwrites',
      'startup',
      'metadata',
      'tree',
      'layer',
      'image',
      'density',
      'exec',
    ]) {
      for (const driver of options.configurations) {
        const own = cells.filter((cell) => cell.scenario === scenario && cell.configuration === driver)
        expect(own.length, `${driver} ${scenario}`).toBeGreaterThan(0)
      }
    }
    expect(new Set(cells.map((cell) => cell.id)).size).toBe(cells.length)
    expect(whole.firstRound.toSorted()).toEqual(cells.map((cell) => cell.id).toSorted())
    expect(whole.seconds.least).toBeGreaterThan(0)
    expect(whole.seconds.most).toBeGreaterThanOrEqual(whole.seconds.least)
    expect(treeOf(place.path)).toEqual(['output', 'scratch', 'state'])
  },
  SECONDS_OF_THOUSANDS_OF_CELLS * 1000,
)

test('what a plan calls its configurations stands for the same ones', async () => {
  using place = makePlace()
  const first = await plan(place, '--driver', 'all', '--scenario', 'bigfile')
  const again = await plan(place, '--driver', first.options.requested.join(), '--scenario', 'bigfile')
  expect(again.options.requested).toEqual(first.options.requested)
  expect(again.cells).toEqual(first.cells)
})

test('parameters of a plan are those of its cells again', async () => {
  using place = makePlace()
  const common = ['--driver', 'overlay2', '--scenario', 'bigfile']
  const first = await plan(place, ...common, '--set', 'size=1024K', '--set', 'touch=append')
  const [cell] = first.cells
  const sets = Object.entries(cell?.params ?? {}).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  expect((await plan(place, ...common, ...sets)).cells).toEqual(first.cells)
  expect(cell?.params).toMatchObject({ size: '1M', touch: 'append' })
})

test('a plan file is the same as flags, and flags override it', async () => {
  using place = makePlace()
  const file = place.at('plan.yaml')
  writeFileSync(file, 'driver: [overlay2, btrfs]\nscenario: bigfile\nrounds: 3\nset:\n  size: [1M, 16M]\n')
  const flags = ['--driver', 'overlay2,btrfs', '--scenario', 'bigfile', '--set', 'size=1M,16M']
  expect(await plan(place, '--plan', file)).toEqual(await plan(place, ...flags, '--rounds', '3'))
  const { options } = await plan(place, '--plan', file, '--driver', 'vfs', '--rounds', '7')
  expect(options).toMatchObject({ requested: ['vfs@ext4'], rounds: 7 })
})

test('a plan for people says how much disk and time, and each workload once', async () => {
  using place = makePlace()
  const { stdout } = await benchHere(place, 'plan', '--driver', 'overlay2', '--scenario', 'bigfile')
  expect(stdout).toMatch(/^\d+ cells × 3 to 5 rounds, profile quick, seed 1\ndisk: 2 loop files of /)
  expect(stdout).toContain('\n2 configurations: bare@ext4, overlay2@ext4\n  bigfile: 1 MiB, warm cache\n')
  expect(stdout).toContain(place.state)
})
