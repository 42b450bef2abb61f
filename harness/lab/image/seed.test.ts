import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../host/commands.ts'
import { seedFiles, writeSeed } from './seed.ts'

const CONTENTS = {
  hostname: 'vm-1',
  authorizedKeys: 'ssh-ed25519 AAAA someone',
  hostKey: '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n',
  hostKeyPublic: 'ssh-ed25519 BBBB vm-1\n',
}

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-seed-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what is in the seed comes out of it as the guest unpacks it', async () => {
  const seed = join(folder, 'seed')
  await writeSeed({ run }, seed, { ...CONTENTS, address: { address: '192.0.2.7/24', gateway: '192.0.2.1' } })
  const unpacked = join(folder, 'unpacked')
  mkdirSync(unpacked)
  execFileSync('tar', ['--extract', '--no-same-owner', `--file=${seed}`, `--directory=${unpacked}`])
  const read = (name: string) => readFileSync(join(unpacked, name), 'utf8')
  expect(read('hostname')).toBe('vm-1\n')
  expect(read('authorized_keys')).toBe('ssh-ed25519 AAAA someone\n')
  expect(read('ssh_host_ed25519_key')).toBe(CONTENTS.hostKey)
  expect(read('address')).toBe('192.0.2.7/24 192.0.2.1\n')
})

test('it is a disk of whole sectors, which nobody else may read, and nothing else is left', async () => {
  const seed = join(folder, 'seed')
  await writeSeed({ run }, seed, CONTENTS)
  expect(statSync(seed).size % 512).toBe(0)
  expect(statSync(seed).mode & 0o777).toBe(0o600)
  expect(existsSync(`${seed}.partial`)).toBe(false)
})

test('what a killed one left is no obstacle, and an earlier seed is replaced whole', async () => {
  const seed = join(folder, 'seed')
  writeFileSync(seed, 'old')
  mkdirSync(join(`${seed}.partial`, 'deep'), { recursive: true })
  await writeSeed({ run }, seed, CONTENTS)
  expect(execFileSync('tar', ['--list', `--file=${seed}`], { encoding: 'utf8' })).toContain('hostname\n')
})

test('without tar there is no seed, and nothing of one', async () => {
  const broken = () => Promise.reject(new Error('tar failed'))
  const seed = join(folder, 'seed')
  await expect(writeSeed({ run: broken }, seed, CONTENTS)).rejects.toThrow('tar failed')
  expect(existsSync(seed)).toBe(false)
  expect(existsSync(`${seed}.partial`)).toBe(false)
})

test('each text ends in one newline, however it was given', () => {
  expect(seedFiles({ ...CONTENTS, authorizedKeys: 'a\nb\n\n' })['authorized_keys']).toBe('a\nb\n')
  expect(seedFiles(CONTENTS)['address']).toBe('10.0.2.15/24 10.0.2.2\n')
})
