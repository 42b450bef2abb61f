import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Host } from '../contracts/host.ts'
import type { Check } from '../host/doctor.ts'
import { unrecordedHost } from '../host/index.ts'
import { doctor, formatChecks } from './doctor.ts'

const CHECKS: Check[] = [
  { id: 'fio', title: 'fio', state: 'ok', found: '3.33', mend: null, needed: true },
  { id: 'swap', title: 'swap', state: 'warning', found: 'in use', mend: 'swapoff --all', needed: false },
  {
    id: 'loop',
    title: 'loop devices',
    state: 'missing',
    found: 'none',
    mend: 'another kernel',
    needed: true,
  },
]

test('a line a check, its mend below, the sum at the end', () => {
  expect(formatChecks(CHECKS, false)).toBe(
    [
      '  ✓ fio           3.33',
      '  ! swap          in use',
      '                  → swapoff --all',
      '  ✗ loop devices  none',
      '                  → another kernel',
      '',
      '1 ok, 1 warning, 1 missing; nothing can be measured without: loop devices',
      '',
    ].join('\n'),
  )
})

test('colours only where they are asked for', () => {
  const escapes = (color: boolean) => formatChecks(CHECKS, color).split('\u001b[').length - 1
  expect(escapes(false)).toBe(0)
  expect(escapes(true)).toBeGreaterThanOrEqual(2 * CHECKS.length)
})

test('--json prints the checks alone, and a host without fio is not ready: exit code 4', async () => {
  let printed = ''
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed += chunk.toString()
      done()
    },
  })
  const host = unrecordedHost()
  const bare: Host = { ...host, which: () => null }
  expect(
    await doctor({ json: true }, { host: bare, drivers: [], scratchDirectory: '/var/tmp', stdout }),
  ).toBe(4)
  const { checks } = JSON.parse(printed) as { checks: Check[] }
  expect(checks.find(({ id }) => id === 'fio')).toEqual({
    id: 'fio',
    title: 'fio',
    needed: true,
    state: 'missing',
    found: 'not installed',
    mend: 'npm run setup installs it',
  })
})
