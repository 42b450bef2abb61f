/** Errors about hosts are one line, before anything is sent or made. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { dialled, makeFakeSsh } from '../../remote/ssh/testing/fake-ssh.ts'
import { makePlace, startBench, treeOf, type Place } from '../testing/bench.ts'
import { benchHere } from '../testing/here.ts'
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
    writeFileSync(place.at('other.ini'), '[other]\nc1 ansible_connection=docker\n')
    return words.map((word) => word.replace('PLACE', place.path))
  }
}

const ALIASES = `[rack]
old ansible_ssh_host=192.0.2.1 ansible_ssh_port=2222 ansible_ssh_user=ada ansible_private_key_file=/k/old
c1 ansible_connection=docker
`

const FLEET_OUTSIDE = JSON.stringify({
  schema: 1,
  id: 'x',
  state: 'running',
  startedAt: '2026-01-31T14:25:01.000Z',
  endedAt: null,
  command: 'bench run',
  request: { host: ['web1'] },
  hosts: [
    {
      name: '../../../outside',
      address: 'web1',
      state: 'running',
      job: null,
      exitCode: null,
      reason: null,
      hint: null,
      seconds: {},
    },
  ],
})

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
  ['a limit without its file', withHosts(...PLAN, '--limit', 'rack'), /--limit requires --inventory/],
  ['patience alone', withHosts(...PLAN, '--patience', '1m'), /no host is given/],
  [
    'no patience',
    withHosts(...PLAN, '--host', 'web1', '--patience', '0s'),
    /--patience 0s is not a duration/,
  ],
  [
    'an inventory that is not there',
    withHosts(...PLAN, '--inventory', 'PLACE/none'),
    /inventory .* does not exist/,
  ],
  [
    'one that is not one',
    withHosts(...PLAN, '--inventory', 'PLACE/broken.yml'),
    /inventory \S+broken\.yml: line 2, column 1: did not find expected node content$/m,
  ],
  [
    'a pattern for nobody',
    withHosts(...PLAN, '--inventory', 'PLACE/own.ini', '--limit', 'b*'),
    /b\* matches no host of \S+own\.ini: known: a1, a2/,
  ],
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
  ['a name that is none', 'host add a/b 10.0.0.1', /"a\/b" is not a valid host name for a run/],
  ['an address with a user', 'host add web1 ada@10.0.0.1', /"ada@10\.0\.0\.1" is not an address: .*--user/],
  ['a port', 'host add web1 10.0.0.1 --port ssh', /--port ssh is not a whole number/],
  ['a key that is not there', 'host add web1 10.0.0.1 --identity /none', /key file \/none does not exist/],
  ['a relative device', 'host add web1 10.0.0.1 --device vdb', /--device vdb is relative/],
  [
    'settings that cannot be written',
    (place) => {
      writeFileSync(place.at('config'), '')
      return ['host', 'add', 'web1', '10.0.0.1']
    },
    /hosts\.yml cannot be written: ENOTDIR.*XDG_CONFIG_HOME/,
    4,
  ],
  ['nobody to remove', withHosts('host', 'remove', 'web'), /there is no host "web": did you mean web1\?/],
  ['nobody to provision', 'host provision', /no host is given/],
  ['nobody to examine', 'host doctor', /no host is given/],
  ['a limit without its file', 'host list --limit rack', /--limit requires --inventory/],
  ['an inventory that is not there', 'host list --inventory none', /inventory none does not exist/],
  [
    'hosts that are not reached by ssh',
    withHosts('host', 'doctor', '--inventory', 'other.ini'),
    /^bench: host c1 has ansible_connection docker; bench reaches hosts only by ssh: /,
  ],
  [
    'a fleet that would be written elsewhere',
    (place) => {
      mkdirSync(place.at('fleet'))
      writeFileSync(place.at('fleet/fleet.json'), FLEET_OUTSIDE)
      return ['host', 'attach', place.at('fleet')]
    },
    /fleet\.json: hosts\.0\.name: cannot be the name of a file/,
  ],
  ['no fleet', 'host attach nowhere', /nowhere is not the folder of a fleet/],
  ['__job by hand', '__job', /__job {2}is an internal command/],
]

test('bench host list takes an inventory of yours, and a limit', async () => {
  using place = makePlace()
  withHosts()(place)
  writeFileSync(place.at('aliases.ini'), ALIASES)
  const listed = await benchHere(place, 'host', 'list', '--inventory', 'aliases.ini', '--limit', 'old')
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect(listed.stdout).toBe('host  address             scratch\nold   ada@192.0.2.1:2222\n')
  const all = await benchHere(place, 'host', 'list', '--inventory', 'aliases.ini', '--json')
  expect(JSON.parse(all.stdout)).toMatchObject({
    hosts: [{ name: 'old' }, { name: 'c1', address: null, wrong: expect.stringMatching(/docker/) as string }],
  })
})

test('provision and run go to the same machine, by the same key and jump host, as ansible.cfg and aliases say', async () => {
  using place = makePlace()
  using ssh = makeFakeSsh()
  withHosts()(place)
  writeFileSync(place.at('aliases.ini'), ALIASES)
  writeFileSync(place.at('ansible.cfg'), '[ssh_connection]\nssh_args=-o ProxyJump=gate\n')
  const where = ['--inventory', place.at('aliases.ini'), '--limit', 'old']
  const dials = async (...args: readonly string[]) => {
    ssh.forget()
    const env = { PATH: ssh.path, ANSIBLE_CONFIG: place.at('ansible.cfg'), XDG_CACHE_HOME: place.at('cache') }
    const { stdout } = await startBench(place, args, env).ended
    const call = ssh.calls().find((words) => words.includes('192.0.2.1')) ?? []
    const { connecttimeout: _, ...machine } = dialled(call.slice(0, call.indexOf('192.0.2.1') + 1))
    return { machine, stdout }
  }
  const doctor = await dials('host', 'doctor', ...where)
  const provision = await dials('host', 'provision', ...where)
  expect(doctor.machine).toEqual({
    hostname: '192.0.2.1',
    port: '2222',
    user: 'ada',
    identityfile: '/k/old',
    proxyjump: 'gate',
    stricthostkeychecking: 'ask',
  })
  expect(provision.machine).toEqual(doctor.machine)
  expect(provision.stdout).toMatch(/^old: .*Connection refused/)
})

describe('a run on hosts', () => {
  test.each(named(RUNS))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('bench host', () => {
  test.each(named(COMMANDS))('%s', (_, refusal) => expectRefusal(refusal))

  test('adds a host, lists it, and removes it', async () => {
    using place = makePlace()
    expect((await benchHere(place, 'host', 'list')).stdout).toBe('no hosts: bench host add NAME ADDRESS\n')
    const added = await benchHere(
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
    const { stdout } = await benchHere(place, 'host', 'list', '--json')
    expect(JSON.parse(stdout)).toEqual({
      hosts: [{ name: 'web1', address: 'ada@10.0.0.11', scratch: null, device: '/dev/vdb', wrong: null }],
    })
    expect((await benchHere(place, 'host', 'remove', 'web1')).code).toBe(0)
    expect((await benchHere(place, 'host', 'list')).stdout).toMatch(/^no hosts/)
    expect(treeOf(place.at('config'))).toEqual(['bench', 'bench/hosts.yml'])
  })
})
