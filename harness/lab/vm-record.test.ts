import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { identityOf, type ProcessIdentity } from '../linux/process.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { allButStarting, down } from './down.ts'
import { labFolders, vmFiles, type LabFolders } from './folders.ts'
import { rewriteInventory } from './inventory.ts'
import { recordOf } from './testing/record.ts'
import { createVmFolder, listVms, writeRecord, type VmRecord } from './vm-record.ts'

let place: ReturnType<typeof diskFolder>
let folders: LabFolders
let living: ChildProcess
let alive: ProcessIdentity
let gone: ProcessIdentity

beforeEach(async () => {
  place = diskFolder()
  folders = labFolders(join(place.path, 'a lab'))
  living = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(living, 'spawn')
  alive = identityOf(living.pid ?? 0)
  gone = { ...alive, startTime: alive.startTime - 1 }
})

afterEach(() => {
  living.kill('SIGKILL')
  place[Symbol.dispose]()
})

const record = (name: string, changes: Partial<VmRecord> = {}) =>
  recordOf(name, { creator: gone, ...changes })

describe('the state of a machine', () => {
  test.for<[state: string, what: string, changes: () => Partial<VmRecord>]>([
    ['running', 'it answered and its process lives', () => ({ machine: alive, ready: true })],
    ['starting', 'the process that makes it lives', () => ({ creator: alive })],
    ['starting', 'it boots', () => ({ creator: alive, machine: alive })],
    ['dead', 'its process is gone', () => ({ machine: gone, ready: true })],
    ['dead', 'its process died while it booted', () => ({ creator: alive, machine: gone })],
    ['dead', 'the process that made it was killed before it answered', () => ({ machine: alive })],
    [
      'dead',
      'this machine was started again',
      () => ({ machine: { ...alive, bootId: 'another' }, ready: true }),
    ],
  ])('%s: %s', ([state, , changes]) => {
    createVmFolder(folders, record('web', changes()))
    expect(listVms(folders)).toMatchObject([{ name: 'web', state }])
  })

  test('dead: only its folder was made', () => {
    mkdirSync(join(folders.vms, 'web'), { recursive: true })
    expect(listVms(folders)).toMatchObject([{ name: 'web', state: 'dead', record: null }])
  })

  test('dead: another version wrote what is known of it', () => {
    const folder = createVmFolder(folders, record('web'))
    writeFileSync(vmFiles(folder).record, '{"schema": 99}')
    expect(listVms(folders)).toMatchObject([{ name: 'web', state: 'dead', record: null }])
  })
})

test('a name is given once', () => {
  createVmFolder(folders, record('web'))
  expect(() => createVmFolder(folders, record('web'))).toThrow(/already a machine web/)
})

test('machines are listed by number, not by digit', () => {
  for (const name of ['a-10', 'a-9', 'a-1']) createVmFolder(folders, record(name))
  expect(listVms(folders).map(({ name }) => name)).toEqual(['a-1', 'a-9', 'a-10'])
})

describe('the inventory', () => {
  test('holds who has answered, with a path that ssh reads as one', () => {
    createVmFolder(folders, record('booting', { creator: alive }))
    const folder = createVmFolder(folders, record('web', { machine: alive, ready: true }))
    createVmFolder(folders, record('uml', { kind: 'uml', machine: alive, ready: true }))
    rewriteInventory(folders)
    const { lab } = parse(readFileSync(folders.inventory, 'utf8')) as { lab: { hosts: object } }
    expect(lab.hosts).toEqual({
      uml: expect.objectContaining({ bench_device: '/dev/ubdb' }),
      web: {
        ansible_host: '127.0.0.1',
        ansible_port: 40001,
        ansible_user: 'root',
        ansible_ssh_private_key_file: folders.clientKey,
        ansible_ssh_common_args: `-F none -o StrictHostKeyChecking=yes -o 'UserKnownHostsFile="${folder}/known_hosts"'`,
        ansible_python_interpreter: '/usr/bin/python3',
        bench_device: '/dev/disk/by-id/virtio-bench-scratch',
        bench_destroy: 'bench-scratch',
      },
    })
  })
})

describe('taking down', () => {
  test('leaves alone what another program is just starting', async () => {
    createVmFolder(folders, record('booting', { creator: alive }))
    createVmFolder(folders, record('web'))
    await expect(down(folders, listVms(folders))).rejects.toMatchObject({ code: 'usage.lab-starting' })
    expect(listVms(folders)).toHaveLength(2)
    expect(allButStarting(folders).map(({ name }) => name)).toEqual(['web'])
  })
})

test('what is known of a machine is written whole', () => {
  const folder = createVmFolder(folders, record('web'))
  writeRecord(folder, record('web', { ready: true, machine: alive }))
  expect(listVms(folders)[0]?.record?.ready).toBe(true)
})
