import type { Fleet, FleetHost } from '../../harness/contracts/fleet.ts'
import type { HostRun } from '../../harness/contracts/report.ts'
import { fixtureRun, type FixtureOptions } from './fixture-run.ts'

/** Two hosts that measured, of different kernels, the second one emulated; one that failed, one that is out of reach. */
export function fixtureFleet(options: FixtureOptions = {}): { fleet: Fleet; runs: HostRun[] } {
  const bare = { rounds: 6, ...options }
  const one = fixtureRun(bare)
  const other = fixtureRun({ ...bare, seed: 11 })
  const host = {
    ...other.run.host,
    hash: 'f2'.repeat(32),
    kernel: '6.1.0-44-amd64',
    virtualization: 'emulated CPU (QEMU TCG)',
    cpu: { ...other.run.host.cpu, model: 'QEMU TCG CPU version 2.5+', cores: 2, governor: null },
  }
  const fleet: Fleet = {
    schema: 1,
    id: '20260131-201400-w3pb',
    state: 'completed',
    startedAt: '2026-01-31T20:14:00.000Z',
    endedAt: '2026-01-31T20:31:00.000Z',
    command: 'bench run --driver all --scenario all --host rack-1,lab-1,rack-2,rack-3',
    request: { driver: ['all'], scenario: ['all'] },
    hosts: [
      hostOf('rack-1', { seconds: { connect: 0.31, bundle: 4.2, begin: 0.9, measure: 803, fetch: 0.4 } }),
      hostOf('lab-1', { seconds: { connect: 1.2, bundle: 21, begin: 6.1, measure: 961, fetch: 1.1 } }),
      hostOf('rack-2', {
        state: 'failed',
        exitCode: 4,
        reason: 'less than 1 GiB would be left free in /var/lib/bench',
        hint: 'give another folder: bench_scratch in the inventory',
        seconds: { connect: 0.28, bundle: 4.4, begin: 0.7 },
      }),
      hostOf('rack-3', {
        state: 'unreachable',
        job: null,
        exitCode: null,
        reason: 'no answer from 192.0.2.13:22',
        hint: 'bench host doctor rack-3',
        seconds: {},
      }),
    ],
  }
  const runs = [
    { name: 'rack-1', ...one },
    { name: 'lab-1', samples: other.samples, run: { ...other.run, id: '20260131-201500-q8mn', host } },
  ]
  return { fleet, runs }
}

function hostOf(name: string, changes: Partial<FleetHost>): FleetHost {
  return {
    name,
    address: `root@${name}.example:22`,
    state: 'completed',
    job: `20260131-201400-w3pb-${name}`,
    exitCode: 0,
    reason: null,
    hint: null,
    seconds: {},
    ...changes,
  }
}
