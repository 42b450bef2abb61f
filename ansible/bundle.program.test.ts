import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { extraVars, flat, playbook, recap, render } from './testing/playbook.ts'

const HASHES = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc', 'dddddddddddddddd'] as const
const [FIRST, SECOND, THIRD, FOURTH] = HASHES

let folder: string
let directory: string
let archive: string
/** The script that unpacks, by hash. */
const scripts = new Map<string, string>()

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bench-test-bundle-'))
  directory = path.join(folder, 'a host')
  archive = path.join(folder, 'bundle.tar.gz')
  const play = { hosts: 'all', gather_facts: false, roles: ['bundle'] }
  writeFileSync(path.join(folder, 'play.yml'), JSON.stringify([play]))
  const content = path.join(folder, 'content')
  mkdirSync(path.join(content, 'dist/harness'), { recursive: true })
  writeFileSync(path.join(content, 'dist/harness/main.js'), '')
  // Something that can be left running.
  cpSync('/bin/sleep', path.join(content, 'node'), { dereference: true })
  spawnSync('tar', ['--create', '--gzip', '--file', archive, '--directory', content, '.'])
  const [script = ''] = render('bundle', ['unpack.sh'], { bench_directory: directory, bundle_hash: FIRST })
  for (const hash of HASHES) scripts.set(hash, script.replaceAll(FIRST, hash))
})
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const bundles = () => readdirSync(path.join(directory, 'bundle')).toSorted()
const current = () => readlinkSync(path.join(directory, 'bundle/current'))

function unpack(hash: string, sent: string = archive): { status: number | null; stderr: string } {
  const place = path.join(directory, 'bundle/.sent')
  mkdirSync(place, { recursive: true })
  cpSync(sent, path.join(place, path.basename(sent)))
  const { status, stderr } = spawnSync('sh', ['-c', scripts.get(hash) ?? 'false'], { encoding: 'utf8' })
  return { status, stderr }
}

describe('the script that unpacks a bundle', () => {
  test('keeps the last two', () => {
    for (const hash of [FIRST, SECOND, THIRD]) expect(unpack(hash)).toEqual({ status: 0, stderr: '' })
    expect(bundles()).toEqual([SECOND, THIRD, 'current'])
    expect(current()).toBe(THIRD)
    expect(existsSync(path.join(directory, 'bundle/current/dist/harness/main.js'))).toBe(true)
  })

  test('goes back to one that is there', () => {
    for (const hash of [FIRST, SECOND, FIRST, THIRD]) unpack(hash)
    expect(bundles()).toEqual([FIRST, THIRD, 'current'])
  })

  test('keeps one that a run uses', async () => {
    unpack(FIRST)
    const run = spawn(path.join(directory, 'bundle', FIRST, 'node'), ['60'])
    await once(run, 'spawn')
    for (const hash of [SECOND, THIRD]) unpack(hash)
    expect(bundles()).toEqual([FIRST, SECOND, THIRD, 'current'])
    run.kill()
    await once(run, 'exit')
    unpack(FOURTH)
    expect(bundles()).toEqual([THIRD, 'current', FOURTH])
  })

  test('leaves everything as it was when the archive is no bundle', () => {
    unpack(FIRST)
    const other = path.join(folder, 'other.tar')
    spawnSync('tar', ['--create', '--file', other, '--directory', folder, 'bundle.tar.gz'])
    const { status, stderr } = unpack(SECOND, other)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^the archive is no bundle: /)
    expect(bundles()).toEqual([FIRST, 'current'])
    expect(current()).toBe(FIRST)
  })
})

describe('the role bundle', () => {
  const words = (hash: string) => [
    path.join(folder, 'play.yml'),
    ...extraVars({ bench_directory: directory, bundle_archive: archive, bundle_hash: hash }),
  ]

  test('brings the bundle once, and the second time changes nothing', () => {
    expect(recap(playbook([...words(FIRST), '--check']))).toEqual({ localhost: { changed: 1, failed: 0 } })
    expect(existsSync(directory)).toBe(false)
    expect(recap(playbook(words(FIRST)))).toEqual({ localhost: { changed: 2, failed: 0 } })
    expect(bundles()).toEqual([FIRST, 'current'])
    expect(recap(playbook(words(FIRST)))).toEqual({ localhost: { changed: 0, failed: 0 } })
  })

  test('refuses what is no hash', () => {
    expect(flat(playbook(words('../../etc')))).toContain('bundle_hash has to be the archive')
    expect(existsSync(directory)).toBe(false)
  })
})
