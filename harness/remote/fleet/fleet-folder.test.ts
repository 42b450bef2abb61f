import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Fleet, FleetHost } from '../../contracts/fleet.ts'
import { benchErrorOf } from '../../testing/errors.ts'
import { smallPlan } from '../../testing/small-run.ts'
import { createFleetFolder, findFleet, openFleetFolder, readFleet } from './fleet-folder.ts'

const FLEET: Fleet = {
  schema: 1,
  id: '20260131-142501-k3x9',
  state: 'running',
  startedAt: '2026-01-31T14:25:01.000Z',
  endedAt: null,
  command: 'bench run --host web1',
  request: { host: ['web1'] },
  hosts: [
    {
      name: 'web1',
      address: 'root@10.0.0.11:22',
      state: 'pending',
      job: '20260131-142501-k3x9-web1',
      exitCode: null,
      reason: null,
      hint: null,
      seconds: {},
    },
  ],
}

function withHost(changes: Partial<FleetHost>): string {
  return JSON.stringify({ ...FLEET, hosts: FLEET.hosts.map((host) => ({ ...host, ...changes })) })
}

let output: string
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'bench-test-fleet-'))
})
afterEach(() => rmSync(output, { recursive: true }))

test('what changed is on disk at once, and is found by its path and by its id', () => {
  using folder = createFleetFolder(output, structuredClone(FLEET), smallPlan())
  folder.changeHost('web1', { state: 'failed', reason: 'refused' })
  expect(readFleet(folder.path).hosts[0]).toMatchObject({ state: 'failed', reason: 'refused' })
  expect(findFleet(FLEET.id, output)).toBe(folder.path)
  expect(findFleet(folder.path, '/nowhere')).toBe(folder.path)
})

test('a folder that cannot be written is wrong use, and of a new one nothing is left', () => {
  createFleetFolder(output, structuredClone(FLEET), smallPlan())[Symbol.dispose]()
  const path = join(output, FLEET.id)
  rmSync(join(path, '.lock'))
  mkdirSync(join(path, '.lock'))
  const error = benchErrorOf(() => openFleetFolder(path))
  expect(error).toMatchObject({ code: 'usage.fleet-folder', exitCode: 2 })
  expect(error.message).toMatch(/cannot be written: EISDIR/)
  const unwritten = Object.assign(structuredClone(FLEET), {
    id: 'other',
    toJSON: () => {
      throw new Error('no space')
    },
  })
  expect(benchErrorOf(() => createFleetFolder(output, unwritten, smallPlan()))).toMatchObject({
    code: 'usage.output',
    exitCode: 2,
  })
  expect(readdirSync(output)).toEqual([FLEET.id])
})

test('one process at a time writes in it; the next may when that one is gone', () => {
  const folder = createFleetFolder(output, structuredClone(FLEET), smallPlan())
  expect(benchErrorOf(() => openFleetFolder(folder.path)).code).toBe('usage.fleet-followed')
  folder[Symbol.dispose]()
  using again = openFleetFolder(folder.path)
  expect(again.fleet).toEqual(FLEET)
})

test.each([
  ['no fleet', null, /is not the folder of a fleet/],
  ['no JSON', '{', /fleet\.json cannot be read/],
  ['another schema', JSON.stringify({ ...FLEET, schema: 99 }), /fleet\.json: schema: /],
  ['a host outside', withHost({ name: '../../../outside' }), /hosts\.0\.name: cannot be the name of a file/],
  ['a host that is a path', withHost({ name: '/etc' }), /hosts\.0\.name: cannot be the name of a file/],
  ['a host with a long name', withHost({ name: 'a'.repeat(201) }), /hosts\.0\.name: Too big/],
  ['a job outside', withHost({ job: '../outside' }), /hosts\.0\.job: cannot be the name of a file/],
  ['an id outside', JSON.stringify({ ...FLEET, id: '../outside' }), /: id: cannot be the name of a file/],
])('%s is wrong use', (_, text, message) => {
  if (text !== null) writeFileSync(join(output, 'fleet.json'), text)
  const error = benchErrorOf(() => readFleet(findFleet(output, '/nowhere')))
  expect(error.exitCode).toBe(2)
  expect(error.message).toMatch(message)
})

test('the plan is kept, for who goes on with it', () => {
  const folder = createFleetFolder(output, structuredClone(FLEET), smallPlan())
  folder[Symbol.dispose]()
  using again = openFleetFolder(folder.path)
  expect(again.plan()).toEqual(smallPlan())
  rmSync(join(folder.path, 'plan.json'))
  expect(again.plan()).toEqual(smallPlan())
})

test('a fleet of an older version has no plan to begin hosts with', () => {
  using folder = createFleetFolder(output, structuredClone(FLEET), smallPlan())
  rmSync(join(folder.path, 'plan.json'))
  expect(benchErrorOf(() => folder.plan())).toMatchObject({ code: 'usage.fleet-folder', exitCode: 2 })
})
