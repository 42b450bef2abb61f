import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makePlace } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const UP: readonly Refusal[] = [
  [
    'an unknown flavour',
    'lab up --flavour debian-21',
    /there is no flavour debian-21: did you mean debian-12\?/,
  ],
]

const OTHERS: readonly Refusal[] = [
  ['no command', 'lab', /a command is missing/],
  ['an unknown machine', 'lab ssh nobody', /there is no machine nobody: bench lab up starts one/],
  ['nobody to take down', 'lab down', /no machine is given: give names, or --all/],
  ['some and all', 'lab down web --all', /names and --all exclude each other/],
  [
    'a mistyped machine',
    (place) => {
      mkdirSync(join(place.state, 'bench/lab/vms/debian-12-1'), { recursive: true })
      return ['lab', 'down', 'debain-12-1']
    },
    /there is no machine debain-12-1: did you mean debian-12-1\?/,
  ],
  [
    'to start one that was never finished',
    (place) => {
      mkdirSync(join(place.state, 'bench/lab/vms/web'), { recursive: true })
      return ['lab', 'start', 'web']
    },
    /web was never completely set up: bench lab down web, then bench lab up/,
  ],
  [
    'a machine that is dead',
    (place) => {
      mkdirSync(join(place.state, 'bench/lab/vms/web'), { recursive: true })
      return ['lab', 'ssh', 'web']
    },
    /web is not running: bench lab start web boots it again, bench lab down web removes what is left of it/,
    4,
  ],
]

describe('bench lab up refuses', () => {
  test.each(named(UP))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('bench lab refuses', () => {
  test.each(named(OTHERS))('%s', (_, refusal) => expectRefusal(refusal))
})

test('images that nobody needs are removed, and it says how much room that made', async () => {
  using place = makePlace()
  const cache = place.at('cache/bench/lab')
  mkdirSync(join(cache, '0123456789abcdef'), { recursive: true })
  writeFileSync(join(cache, '0123456789abcdef/root.ext4'), Buffer.alloc(3 * 1024 ** 2, 1))
  const prune = () => benchHere(place, 'lab', 'prune')
  expect(await prune()).toMatchObject({
    code: 0,
    stdout: '0123456789abcdef: an image: 3 MiB\n3 MiB freed\n',
    stderr: '',
  })
  expect(await prune()).toMatchObject({ code: 0, stdout: 'nothing to remove\n' })
})

test('what a killed bench lab up left is listed, and goes', async () => {
  using place = makePlace()
  const folder = join(place.state, 'bench/lab/vms/web')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'scratch'), 'data')
  expect(JSON.parse((await benchHere(place, 'lab', 'list', '--json')).stdout)).toEqual([
    { name: 'web', state: 'dead', folder },
  ])
  expect((await benchHere(place, 'lab', 'list')).stdout).toMatch(/^web +dead$/m)
  expect(await benchHere(place, 'lab', 'down', '--all')).toMatchObject({ code: 0, stdout: 'web is gone\n' })
  expect((await benchHere(place, 'lab', 'list')).stdout).toBe('no machines: bench lab up\n')
})
