import fc from 'fast-check'
import { homedir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { quoteWord } from '../ssh/words.ts'
import { benchErrorOf } from '../../testing/errors.ts'
import { hostRequest } from './host-request.ts'
import { remoteHost } from './remote-host.ts'
import { shellWords } from './shell-words.ts'

describe('what an inventory says of a host', () => {
  test('may be nothing at all', () => {
    expect(remoteHost('web1', {})).toEqual({
      name: 'web1',
      address: 'web1',
      port: null,
      user: null,
      identityFile: null,
      options: [],
      become: false,
      directory: '/var/lib/storage-driver-bench',
      scratch: null,
      device: null,
      destroy: null,
    })
  })

  test('may be variables without a value', () => {
    expect(remoteHost('web1', { ansible_port: null, ansible_user: null, bench_device: null })).toEqual(
      remoteHost('web1', {}),
    )
  })

  test('is read as Ansible reads it, also from an INI file, where all is text', () => {
    const variables = {
      ansible_host: '10.0.0.11',
      ansible_port: '2222',
      ansible_user: 'ada',
      ansible_ssh_private_key_file: '~/.ssh/lab',
      ansible_ssh_common_args: `-o "ProxyCommand=ssh -W '%h:%p' jump"`,
      ansible_ssh_extra_args: '-C',
      ansible_become: 'yes',
      bench_directory: '/srv/bench',
      bench_device: '/dev/vdb',
      bench_destroy: 'bench-scratch',
      unrelated: ['x'],
    }
    expect(remoteHost('web1', variables)).toEqual({
      name: 'web1',
      address: '10.0.0.11',
      port: 2222,
      user: 'ada',
      identityFile: `${homedir()}/.ssh/lab`,
      options: ['-o', "ProxyCommand=ssh -W '%h:%p' jump", '-C'],
      become: true,
      directory: '/srv/bench',
      scratch: null,
      device: '/dev/vdb',
      destroy: 'bench-scratch',
    })
  })

  test.each([
    ['../etc', {}, /cannot be measured under this name/],
    ['all', {}, /"all" is the name of a group of Ansible's/],
    ['web1', { ansible_host: '{{ address }}' }, /host web1: ansible_host: is a template/],
    ['web1', { ansible_port: 'ssh' }, /host web1: ansible_port: /],
    ['web1', { ansible_become: 'perhaps' }, /host web1: ansible_become: /],
    ['web1', { ansible_ssh_common_args: '-o "Port=2' }, /a quote in .* has no end/],
    ['here', { ansible_connection: 'local' }, /host here is this machine/],
  ])('that is wrong is wrong use: %s %j', (name, variables, message) => {
    const error = benchErrorOf(() => remoteHost(name, variables))
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(message)
  })
})

describe('words of a shell', () => {
  test('are those that were quoted for it', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(shellWords(words.map(quoteWord).join(' '))).toEqual(words)
      }),
    )
  })

  test.each([
    [String.raw`a\ b "c\"d" 'e\f'`, ['a b', 'c"d', String.raw`e\f`]],
    [`  x''y  ""  `, ['xy', '']],
    [String.raw`"a\b"`, [String.raw`a\b`]],
  ])('%s', (text, words) => expect(shellWords(text)).toEqual(words))
})

describe('what a host is asked to do', () => {
  const host = (given: object) => ({ ...remoteHost('web1', {}), ...given })

  test('is done on what the inventory gives over', () => {
    const given = host({ device: '/dev/vdb', destroy: 'bench-scratch' })
    expect(hostRequest(given, {})).toEqual({ device: '/dev/vdb', destroy: 'bench-scratch' })
    expect(hostRequest(host({ scratch: '/srv' }), {})).toEqual({ scratch: '/srv' })
    expect(hostRequest(host({}), { rounds: '3' })).toEqual({ rounds: '3' })
  })

  test('is done where the options say, when they do', () => {
    const given = host({ device: '/dev/vdb', destroy: 'bench-scratch' })
    expect(hostRequest(given, { scratch: '/srv' })).toEqual({ scratch: '/srv' })
    expect(hostRequest(given, { device: '/dev/vdc' })).toEqual({ device: '/dev/vdc' })
  })
})
