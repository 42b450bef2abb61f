/** A machine for real: from nothing to its first command, cut off, killed, and gone without a trace. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isAlive } from '../linux/process.ts'
import { connectTo } from '../remote/ssh/connection.ts'
import { labVmOfThisFile } from '../testing/lab-vm.ts'
import { testHost } from '../testing/scratch-file.ts'
import { down } from './down.ts'
import { vmFiles } from './folders.ts'
import { clientKey } from './keys.ts'
import { processesOf } from './processes.ts'
import { listVms } from './vm-record.ts'

const vm = labVmOfThisFile('any')
const connections: AsyncDisposable[] = []

afterEach(async () => {
  for (const each of connections.splice(0)) await each[Symbol.asyncDispose]()
})

function connection(...options: readonly string[]) {
  const { host } = vm()
  const opened = connectTo({ ...host, options: [...options, ...host.options] })
  connections.push(opened)
  return opened
}

test('it is up, by its name, with its own kernel', async () => {
  const { stdout } = await connection().run(['uname', '--nodename', '--kernel-release'])
  expect(stdout).toBe(`${vm().name} ${vm().record.kernelRelease}\n`)
  expect(listVms(vm().folders)).toMatchObject([{ name: vm().name, state: 'running' }])
})

test('its scratch disk is empty and has the size that was asked for', async () => {
  const { device } = vm().host
  const { stdout } = await connection().run([
    'sh',
    '-c',
    'blockdev --getsize64 "$1"; wipefs "$1"',
    'sh',
    device ?? '',
  ])
  expect(stdout).toBe(`${vm().record.scratch}\n`)
})

test('it reaches nobody', async () => {
  const visitors: unknown[] = []
  const server = createServer((socket) => visitors.push(socket))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  // What the network of QEMU calls this machine.
  const { exitCode } = await connection().run([
    'timeout',
    '2',
    'bash',
    '-c',
    `exec 3<>/dev/tcp/10.0.2.2/${port}`,
  ])
  expect(exitCode).not.toBe(0)
  expect(visitors).toEqual([])
  server.close()
})

test('another machine in its place is refused, by its key', async () => {
  const { folder, folders, host } = vm()
  const [place] = readFileSync(vmFiles(folder).knownHosts, 'utf8').split(' ')
  // Any other key will do.
  const wrong = join(folder, 'wrong_hosts')
  writeFileSync(wrong, `${place} ${await clientKey(testHost(), folders)}`)
  await expect(connection('-o', `UserKnownHostsFile=${wrong}`).run(['true'])).rejects.toMatchObject({
    code: 'ssh.unreachable',
    message: expect.stringContaining('Host key verification failed'),
  })
  expect(host.options).toContain('StrictHostKeyChecking=yes')
})

test('its inventory is Ansible’s', () => {
  const { host, name, folders } = vm()
  expect(parse(readFileSync(folders.inventory, 'utf8'))).toMatchObject({
    lab: {
      hosts: { [name]: { ansible_host: '127.0.0.1', ansible_port: host.port, bench_device: host.device } },
    },
  })
})

test('a cut link is noticed, and the machine is there when it is mended', async () => {
  const impatient = connection('-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=2')
  const { lines, ended } = impatient.stream(['sh', '-c', 'echo begun; exec sleep 120'])
  for await (const line of lines) {
    expect(line).toBe('begun')
    await vm().setLink(false)
  }
  await expect(ended).rejects.toMatchObject({ code: 'ssh.unreachable' })
  await vm().setLink(true)
  expect((await impatient.run(['echo', 'back'])).stdout).toBe('back\n')
})

test('it boots again after its death, with its disks as they were', async () => {
  await connection().run(['sh', '-c', 'echo kept >/root/kept && sync'])
  vm().kill()
  await expect.poll(() => listVms(vm().folders)[0]?.state).toBe('dead')
  await vm().startAgain()
  expect(listVms(vm().folders)).toMatchObject([{ name: vm().name, state: 'running' }])
  expect((await connection().run(['cat', '/root/kept'])).stdout).toBe('kept\n')
})

test('its death is seen, and nothing is left of it when it is taken down', async () => {
  const { folders, folder, record } = vm()
  const before = processesOf(folder)
  expect(before.map(({ pid }) => pid)).toContain(record.machine?.pid)
  vm().kill()
  await expect.poll(() => listVms(folders)[0]?.state).toBe('dead')
  await down(folders, listVms(folders))
  expect(before.filter(isAlive)).toEqual([])
  expect(processesOf(folder)).toEqual([])
  expect(existsSync(folder)).toBe(false)
  expect(readdirSync(folders.vms)).toEqual([])
  expect(parse(readFileSync(folders.inventory, 'utf8'))).toEqual({ lab: { hosts: {} } })
})
