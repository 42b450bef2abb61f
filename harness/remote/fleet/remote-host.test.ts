import { describe, expect, test } from 'vitest'
import { benchErrorOf } from '../../testing/errors.ts'
import { checkHostName, remoteHost } from './remote-host.ts'

/** Ansible's answer for a host of which the inventory has only the name. */
const NO_FACTS = {
  connection: 'ssh',
  program: 'ssh',
  address: 'web1',
  port: null,
  user: null,
  identityFile: null,
  firstOptions: [],
  options: [],
  become: null,
  bench_directory: null,
  bench_scratch: null,
  bench_device: null,
  bench_destroy: null,
}

const facts = (given: object) => ({ ...NO_FACTS, ...given })
const sudo = (given: object) => facts({ become: { method: 'sudo', user: 'root', program: 'sudo', ...given } })

describe('a host as Ansible would reach it', () => {
  test('has defaults where the inventory says nothing', () => {
    expect(remoteHost('web1', NO_FACTS)).toEqual({
      name: 'web1',
      program: 'ssh',
      address: 'web1',
      port: null,
      user: null,
      identityFile: null,
      firstOptions: [],
      options: [],
      become: false,
      directory: '/var/lib/storage-driver-bench',
      scratch: null,
      device: null,
      destroy: null,
    })
  })

  test('has what Ansible tells', () => {
    const told = {
      program: '/opt/ssh',
      address: '10.0.0.11',
      port: 2222,
      user: 'ada',
      identityFile: '/home/ada/.ssh/lab',
      firstOptions: ['-o', 'ProxyJump=jump'],
      options: ['-C'],
    }
    const own = { bench_directory: '/srv', bench_device: '/dev/vdb', bench_destroy: 'bench-scratch' }
    expect(remoteHost('web1', { ...sudo({}), ...told, ...own })).toEqual({
      name: 'web1',
      ...told,
      become: true,
      directory: '/srv',
      scratch: null,
      device: '/dev/vdb',
      destroy: 'bench-scratch',
    })
  })

  test.each([
    ['docker', facts({ connection: 'docker' }), /host h has ansible_connection docker; .* only by ssh/],
    ['winrm', { connection: 'winrm' }, /host h has ansible_connection winrm; .* only by ssh/],
    ['no connection', { connection: '' }, /host h has ansible_connection ;/],
    ['this machine', { connection: 'local' }, /host h is this machine/],
    ['su', sudo({ method: 'su' }), /host h has ansible_become_method su; /],
    ['another than root', sudo({ user: 'ada' }), /host h has ansible_become_user ada; /],
    ['another program', sudo({ program: '/bin/doas' }), /host h has ansible_become_exe \/bin\/doas; /],
    ['a port that is none', facts({ port: 0 }), /host h: port: /],
    [
      'a relative folder',
      facts({ bench_directory: 'x' }),
      /host h: bench_directory: is not an absolute path/,
    ],
    ['a relative scratch', facts({ bench_scratch: '~/x' }), /host h: bench_scratch: is not an absolute path/],
    ['a relative device', facts({ bench_device: 'vdb' }), /host h: bench_device: is not an absolute path/],
  ])('is refused by name: %s', (_, told, message) => {
    const error = benchErrorOf(() => remoteHost('h', told))
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(message)
  })

  test.each(['sudo', '/usr/local/bin/sudo'])('may have sudo as %s', (program) => {
    expect(remoteHost('web1', sudo({ program })).become).toBe(true)
  })
})

describe('the name of a host is that of a folder, and of nothing else', () => {
  test.each(['web1', '10.0.0.7', 'rack-1_b', 'a'.repeat(200)])('%s may be one', (name) => {
    expect(() => checkHostName(name)).not.toThrow()
  })

  test.each([
    '',
    '.',
    '..',
    '../../../outside',
    '/etc',
    'a/b',
    '.hidden',
    '-rf',
    'a b',
    'a\n',
    'a\0b',
    'a\x1b[2J',
    'a\u202eb',
    'fe80::1',
    'a'.repeat(201),
    'all',
    'lab',
  ])('%j may not', (name) => {
    expect(benchErrorOf(() => checkHostName(name))).toMatchObject({ code: 'usage.host-name', exitCode: 2 })
  })
})
