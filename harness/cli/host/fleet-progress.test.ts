import { describe, expect, test } from 'vitest'
import type { FleetHost } from '../../contracts/fleet.ts'
import { linesThatFit } from './fleet-progress.ts'

const hosts = (states: Readonly<Record<string, FleetHost['state']>>) =>
  new Map(
    Object.entries(states).map(([name, state]) => [name, { state, samples: 12, text: `round 2 of ${name}` }]),
  )

describe('the live lines', () => {
  test('are one a host, cut at the width of the terminal', () => {
    const lines = linesThatFit(hosts({ a: 'completed', web1: 'running' }), 4, 24, 52)
    expect(lines).toEqual([
      'a     completed        12 samples  round 2 of a',
      'web1  running          12 samples  round 2 of web1',
    ])
    expect(linesThatFit(hosts({ a: 'running' }), 4, 24, 10)).toEqual(['a     runn'])
  })

  test('are those of hosts at work where not all fit, and say how many there are besides', () => {
    const lines = linesThatFit(hosts({ a: 'completed', b: 'failed', c: 'running', d: 'preparing' }), 1, 3, 80)
    expect(lines.map((line) => line.slice(0, 1))).toEqual(['c', 'd', 'a'])
    expect(lines.at(-1)).toBe('and 2 more')
  })
})
