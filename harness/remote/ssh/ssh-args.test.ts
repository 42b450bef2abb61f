import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { connectionArgs, loginByHand, destinationOf, quoteArg, remoteCommand } from './ssh-args.ts'

const host: RemoteHost = {
  name: 'a',
  program: 'ssh',
  address: '10.0.0.7',
  port: 2222,
  user: 'ann',
  identityFile: null,
  firstOptions: [],
  options: [],
  become: false,
  directory: '/var/lib/storage-driver-bench',
  scratch: null,
  device: null,
  destroy: null,
}

const SPECIAL = Array.from(`ab '"\\$\`!*?~#;&|<>(){}[]\n\t\r-=%`)

test('arguments come out of a shell as they went in', () => {
  const word = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...SPECIAL) }))
  fc.assert(
    fc.property(
      fc.array(
        word.filter((text) => !text.includes('\0')),
        { maxLength: 5 },
      ),
      (args) => {
        const command = remoteCommand(host, ['printf', '%s\\0', ...args])
        const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
        expect(stdout).toBe(args.length === 0 ? '\0' : args.map((text) => `${text}\0`).join(''))
      },
    ),
    { numRuns: 60 },
  )
})

test('a NUL byte is refused: no shell can take it', () => {
  expect(() => quoteArg('a\0b')).toThrow(RangeError)
})

test('the death of a command by a signal is told apart from that of the connection', () => {
  const { status } = spawnSync('sh', ['-c', remoteCommand(host, ['sh', '-c', 'kill -9 $$'])])
  expect(status).toBe(128 + 9)
})

test('a command that needs root asks sudo, which must not ask for a password', () => {
  expect(remoteCommand({ ...host, become: true }, ['ls', 'a b'])).toBe(
    `sudo --non-interactive -- ls 'a b'; exit $?`,
  )
})

describe('the arguments of a connection', () => {
  test('what the inventory says comes before what is only a default, since ssh takes the first', () => {
    const args = connectionArgs({ ...host, options: ['-o', 'ConnectTimeout=3'] })
    expect(args.indexOf('ConnectTimeout=3')).toBeLessThan(args.indexOf('ConnectTimeout=10'))
  })

  test('a key that is named is the only one that is tried', () => {
    expect(connectionArgs({ ...host, identityFile: '/k' })).toEqual(
      expect.arrayContaining(['-o', 'IdentityFile="/k"', '-o', 'IdentitiesOnly=yes']),
    )
    expect(connectionArgs(host).join(' ')).not.toContain('Identit')
  })

  test('a port and a user that the inventory does not name are for ssh’s configuration', () => {
    expect(connectionArgs(host).join(' ')).toMatch(/^-p 2222 -l ann /)
    const args = connectionArgs({ ...host, port: null, user: null })
    expect(args).not.toContain('-p')
    expect(args).not.toContain('-l')
  })

  test('nothing is said about keys of hosts: that is for the user’s configuration', () => {
    expect(connectionArgs(host).join(' ')).not.toMatch(/StrictHostKeyChecking|UserKnownHostsFile/)
  })
})

test.each([
  [host, 'ann@10.0.0.7:2222'],
  [{ ...host, address: 'fe80::1' }, 'ann@[fe80::1]:2222'],
  [{ ...host, port: null }, 'ann@10.0.0.7'],
  [{ ...host, user: null }, '10.0.0.7:2222'],
  [{ ...host, address: 'fe80::1', port: null, user: null }, 'fe80::1'],
])('a place for a message: %#', (where, text) => expect(destinationOf(where)).toBe(text))

test('a login for a person to type', () => {
  expect(loginByHand(host)).toBe('ssh -p 2222 ann@10.0.0.7')
  expect(loginByHand({ ...host, port: null, user: null })).toBe('ssh 10.0.0.7')
})
