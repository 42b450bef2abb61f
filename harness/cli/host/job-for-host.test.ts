import { describe, expect, test } from 'vitest'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { makePlan } from '../../plan/plan.ts'
import type { Request } from '../../plan/request.ts'
import { benchErrorOf } from '../../testing/errors.ts'
import { fakeDrivers } from '../../testing/fake-drivers.ts'
import { fakeScenarios } from '../../testing/fake-scenarios.ts'
import { fakeRemoteHost } from '../../testing/remote-host.ts'
import { jobForHost } from './job-for-host.ts'

const REQUEST: Request = { driver: ['stacker'], scenario: ['write'] }

function job(host: Partial<RemoteHost> = {}, request: Request = {}) {
  const asked = { ...REQUEST, ...request }
  const plan = makePlan(asked, { drivers: fakeDrivers, scenarios: fakeScenarios })
  return {
    ...jobForHost(fakeRemoteHost({ directory: '/srv/bench', ...host }), plan, asked),
    controller: plan,
  }
}

describe('the job of a host', () => {
  test('has the cells and the options that the controller planned', () => {
    const { plan, controller } = job()
    expect(plan.cells).toEqual(controller.cells)
    const { scratch: _, ...options } = controller.options
    expect(plan.options).toMatchObject(options)
  })

  test('lies in the state directory of the host, not in that of the controller', () => {
    const { plan, command } = job()
    expect(plan.options.scratch).toMatchObject({ kind: 'loop', path: '/srv/bench/state/bench/scratch' })
    expect(command).toBe('bench run --driver stacker --scenario write')
  })

  test('lies on what the inventory gives over', () => {
    const given = { device: '/dev/vdb', destroy: 'bench-scratch' }
    expect(job(given)).toMatchObject({
      plan: { options: { scratch: { kind: 'device', path: '/dev/vdb' } }, destroy: 'bench-scratch' },
      command: 'bench run --driver stacker --scenario write --device /dev/vdb --destroy bench-scratch',
    })
    expect(job({ scratch: '/mnt' }).plan.options.scratch).toMatchObject({ kind: 'loop', path: '/mnt' })
  })

  test('lies where the options say, when they do', () => {
    const given = { device: '/dev/vdb', destroy: 'bench-scratch' }
    expect(job(given, { scratch: '/srv' }).plan).toMatchObject({
      options: { scratch: { kind: 'loop', path: '/srv' } },
      destroy: null,
    })
    expect(job(given, { device: '/dev/vdc' }).plan).toMatchObject({
      options: { scratch: { kind: 'device', path: '/dev/vdc' } },
      destroy: null,
    })
  })

  test.each<[string, Partial<RemoteHost>, Request]>([
    ['a relative folder', {}, { scratch: 'here' }],
    ['a relative folder of the inventory', { scratch: 'here' }, {}],
    ['a load on a device of the inventory', { device: '/dev/vdb' }, { load: 'disk' }],
    [
      'delayed flushes on a device of the inventory',
      { device: '/dev/vdb' },
      { inject: { stacker: '5ms/flush' } },
    ],
  ])('is refused for %s', (_, host, request) => {
    expect(benchErrorOf(() => job(host, request)).exitCode).toBe(2)
  })
})
