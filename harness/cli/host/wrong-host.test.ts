/** What is wrong about hosts is said in one line, before anything is sent or made. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bench, makePlace, treeOf, type Place } from '../testing/bench.ts'
import { expectRefusal, named, type Refusal } from '../testing/refusal.ts'

const PLAN = ['run', '--driver', 'overlay2', '--scenario', 'bigfile']

/** With hosts in the inventory. */
function withHosts(...words: readonly string[]) {
  return (place: Place) => {
    mkdirSync(place.at('config/bench'), { recursive: true })
    const hosts = 'all: {hosts: {web1: {ansible_host: 10.0.0.11, bench_scratch: /srv}, "../x": {}}}\n'
    writeFileSync(place.at('config/bench/hosts.yml'), hosts)
    writeFileSync(place.at('own.ini'), '[rack]\na1\na2\n')
    writeFileSync(place.at('broken.yml'), 'all: [\n')
    return words.map((word) => word.replace('PLACE', place.path))
  }
}

const RUNS: readonly Refusal[] = [
  ['an unknown one', withHosts(...PLAN, '--host', 'wbe1'), /there is no host "wbe1": did you mean web1\?/],
  [
    'one, and there are none',
    [...PLAN, '--host', 'web1'].join(' '),
    /no host "web1": there are none: bench host add/,
  ],
  [
    'names and a file',
    withHosts(...PLAN, '--host', 'web1', '--inventory', 'x'),
    /--host and --inventory exclude/,
  ],
  ['a limit without its file', withHosts(...PLAN, '--limit', 'rack'), /--limit needs --inventory/],
  ['patience alone', withHosts(...PLAN, '--patience', '1m'), /no host is named/],
  [
    'no patience',
    withHosts(...PLAN, '--host', 'web1', '--patience', '0s'),
    /--patience 0s is not a duration/,
  ],
  [
    'an inventory that is not there',
    withHosts(...PLAN, '--inventory', 'PLACE/none'),
    /there is no inventory/,
  ],
  [
    'one that is not one',
    withHosts(...PLAN, '--inventory', 'PLACE/broken.yml'),
    /inventory \S+broken\.yml: /,
  ],
  ['a pattern for nobody', withHosts(...PLAN, '--inventory', 'PLACE/own.ini', '--limit', 'b*'), /own\.ini/],
  [
    'a plan',
    withHosts('run', '--driver', 'overlya2', '--scenario', 'all', '--host', 'web1'),
    /did you mean overlay2/,
  ],
  ['a relative scratch', withHosts(...PLAN, '--host', 'web1', '--scratch', 'x'), /--scratch x is relative/],
]

const COMMANDS: readonly Refusal[] = [
  ['no subcommand', 'host', /a command is missing/],
  ['an unknown one', 'host ad', /unknown command 'ad'.*add/],
  ['a name that is none', 'host add a/b 10.0.0.1', /"a\/b" cannot be measured under this name/],
  ['an address with a user', 'host add web1 ada@10.0.0.1', /"ada@10\.0\.0\.1" is not an address: .*--user/],
  ['a port', 'host add web1 10.0.0.1 --port ssh', /--port ssh is not a whole number/],
  ['a key that is not there', 'host add web1 10.0.0.1 --identity /none', /there is no key \/none/],
  ['a relative device', 'host add web1 10.0.0.1 --device vdb', /--device vdb is relative/],
  ['nobody to remove', withHosts('host', 'remove', 'web'), /there is no host "web": did you mean web1\?/],
  ['nobody to provision', 'host provision', /no host is named/],
  ['nobody to examine', 'host doctor', /no host is named/],
  ['no fleet', 'host attach nowhere', /nowhere is not the folder of a fleet/],
  ['__job by hand', '__job', /__job {2}is not for use by hand/],
]

describe('a run on hosts', () => {
  test.each(named(RUNS))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('bench host', () => {
  test.each(named(COMMANDS))('%s', (_, refusal) => expectRefusal(refusal))

  test('adds a host, lists it, and removes it', async () => {
    using place = makePlace()
    expect((await bench(place, 'host', 'list')).stdout).toBe('no hosts: bench host add NAME ADDRESS\n')
    const added = await bench(
      place,
      'host',
      'add',
      'web1',
      '10.0.0.11',
      '--user',
      'ada',
      '--device',
      '/dev/vdb',
    )
    expect(added).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await bench(place, 'host', 'list', '--json')
    expect(JSON.parse(stdout)).toEqual({
      hosts: [{ name: 'web1', address: 'ada@10.0.0.11', scratch: null, device: '/dev/vdb', wrong: null }],
    })
    expect((await bench(place, 'host', 'remove', 'web1')).code).toBe(0)
    expect((await bench(place, 'host', 'list')).stdout).toMatch(/^no hosts/)
    expect(treeOf(place.at('config'))).toEqual(['bench', 'bench/hosts.yml'])
  })
})
