/** What ssh itself makes of the args of a connection. */
import { expect, test } from 'vitest'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { dialled } from './testing/fake-ssh.ts'
import { connectionArgs } from './ssh-args.ts'

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

test('a port and a user come before common arguments and after the first ones, as Ansible has them', () => {
  const common = dialled([...connectionArgs({ ...host, options: ['-p', '9', '-l', 'eve'] }), 'a'])
  expect(common).toMatchObject({ port: '2222', user: 'ann' })
  const first = dialled([...connectionArgs({ ...host, firstOptions: ['-p', '9', '-l', 'eve'] }), 'a'])
  expect(first).toMatchObject({ port: '9', user: 'eve' })
})

test('a key that is not there is not passed over for another', () => {
  expect(dialled([...connectionArgs({ ...host, identityFile: '/none/a b' }), 'a'])).toMatchObject({
    identityfile: '/none/a b',
  })
})
