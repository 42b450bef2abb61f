/** Ansible is asked for the truth: bench dials what Ansible dials, and says what Ansible says. */
import { execFile, execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { benchErrorOf, benchErrorOfAsync } from '../../testing/errors.ts'
import { dialled, makeFakeSsh, type FakeSsh } from '../ssh/testing/fake-ssh.ts'
import { connectionArgs } from '../ssh/ssh-args.ts'
import { readInventories, toRemoteHost } from './read-inventory.ts'

const VAULTED = `$ANSIBLE_VAULT;1.1;AES256
62356236303330356565326461643239306133626263313135393431333163643965343139376330
3732313930303964333934613666363334623033666432310a653034613433383032313038393532
35346265393930396234393562656132303432653832336264336233663134336366343530303932
6234363637646534350a626338623936333239626361663534323035363163306538373636653232
3834
`
/** Not a text to YAML's writer, which has no tag of its own for it. */
const vault = (text: string) => `VAULT${text}`
const at = (number: number) => `192.0.2.${number}`

/** Each with what is odd about it. 192.0.2.0/24 is for documentation (RFC 5737): nobody is there. */
const REACHED: Readonly<Record<string, unknown>> = {
  plain: {},
  old_names: { ansible_ssh_host: at(1), ansible_ssh_port: 2222, ansible_ssh_user: 'ada' },
  both_names: { ansible_host: at(1), ansible_ssh_host: at(2), ansible_port: 1, ansible_ssh_port: 2 },
  key: { ansible_host: at(3), ansible_private_key_file: '~/.ssh/lab key' },
  old_key: { ansible_host: at(3), ansible_ssh_private_key_file: '/k/lab' },
  template: { ansible_host: '{{ network }}.4', ansible_port: '{{ 20 + 2 }}', network: '192.0.2' },
  of_another: { ansible_host: "{{ hostvars['old_names'].ansible_ssh_host }}" },
  of_a_lookup: { ansible_host: at(5), ansible_user: "{{ lookup('env', 'BENCH_TEST_USER') }}" },
  vaulted: { ansible_host: vault(VAULTED), ansible_user: 'root' },
  nothing: { ansible_host: at(6), ansible_port: null, ansible_user: '', ansible_ssh_common_args: null },
  no_address: { ansible_host: null },
  numbers: { ansible_host: at(7), ansible_user: 1000, ansible_port: 22.0 },
  jump: {
    ansible_host: at(8),
    ansible_ssh_common_args: '-o ProxyJump="ada@jump"',
    ansible_ssh_extra_args: '-C',
  },
  arguments_last: { ansible_host: at(9), ansible_port: 22, ansible_ssh_common_args: '-p 2222 -l eve' },
  arguments_first: { ansible_host: at(9), ansible_port: 22, ansible_ssh_args: '-o Port=2223 -o User=eve' },
  unknown_key: { ansible_host: at(10), ansible_host_key_checking: false },
  slow: { ansible_host: at(11), ansible_ssh_timeout: 77 },
  whole_name: { ansible_host: at(12), ansible_connection: 'ansible.builtin.ssh' },
  smart: { ansible_host: at(12), ansible_connection: 'smart' },
  becomes: { ansible_host: at(13), ansible_become: 1 },
  becomes_not: { ansible_host: at(13), ansible_become: null },
  becomes_text: { ansible_host: at(13), ansible_become: 'yes', ansible_become_user: 'root' },
  becomes_by_template: {
    ansible_host: at(13),
    ansible_become: "{{ inventory_hostname == 'becomes_by_template' }}",
  },
}

/** Ansible reaches none of these by ssh, either; or bench may not, as it then would be somebody else there. */
const REFUSED: Readonly<Record<string, readonly [variables: Record<string, unknown>, says: RegExp]>> = {
  list: [{ ansible_host: [at(1), at(2)] }, /host list: ansible_host is a list/],
  mapping: [{ ansible_user: { a: 'b' } }, /host mapping: ansible_user is a mapping/],
  empty: [{ ansible_host: '' }, /host empty: ansible_host is empty/],
  empty_port: [{ ansible_port: '' }, /host empty_port: .*ansible_port.*invalid literal/],
  port_0: [{ ansible_port: 0 }, /host port_0: port: /],
  undefined_name: [
    { ansible_host: '{{ nothing }}' },
    /host undefined_name: ansible_host: 'nothing' is undefined/,
  ],
  undefined_scratch: [
    { bench_scratch: '{{ no }}' },
    /host undefined_scratch: bench_scratch: 'no' is undefined/,
  ],
  relative: [{ bench_directory: 'bench' }, /host relative: bench_directory: is not an absolute path/],
  perhaps: [
    { ansible_become: 'perhaps' },
    /host perhaps: ansible_become: .*'perhaps' is not a valid boolean/,
  ],
  quote: [
    { ansible_ssh_common_args: '-o "Port=2' },
    /host quote: ansible_ssh_common_args: No closing quotation/,
  ],
  here: [{ ansible_connection: 'local' }, /host here is this machine/],
  here_too: [{ ansible_connection: 'ansible.builtin.local' }, /host here_too is this machine/],
  docker: [{ ansible_connection: 'docker' }, /host docker has ansible_connection docker;/],
  docker_too: [
    { ansible_connection: 'community.docker.docker' },
    /ansible_connection community\.docker\.docker;/,
  ],
  windows: [{ ansible_connection: 'winrm' }, /host windows has ansible_connection winrm;/],
  network: [
    { ansible_connection: 'ansible.netcommon.network_cli' },
    /connection ansible\.netcommon\.network_cli;/,
  ],
  other_ssh: [{ ansible_connection: 'paramiko' }, /host other_ssh has ansible_connection paramiko;/],
  by_template: [
    { ansible_connection: "{{ 'pod' + 'man' }}" },
    /host by_template has ansible_connection podman;/,
  ],
  by_su: [{ ansible_become: true, ansible_become_method: 'su' }, /by_su has ansible_become_method su;/],
  by_doas: [
    { ansible_become: true, ansible_become_exe: '/bin/doas' },
    /by_doas has ansible_become_exe \/bin\/doas;/,
  ],
  as_ada: [{ ansible_become: true, ansible_become_user: 'ada' }, /as_ada has ansible_become_user ada;/],
  '../etc': [{}, /"\.\.\/etc" is not a valid host name for a run/],
  lab: [{}, /"lab" is the name of a group/],
}

let folder: string
let ssh: FakeSsh
let inventory: string

beforeAll(() => {
  folder = mkdtempSync('/var/tmp/bench-test-inventory-')
  ssh = makeFakeSsh()
  writeFileSync(join(folder, 'password'), 'hunter2')
  vi.stubEnv('ANSIBLE_VAULT_PASSWORD_FILE', join(folder, 'password'))
  vi.stubEnv('BENCH_TEST_USER', 'grace')
  inventory = write('hosts.yml', { ...REACHED, ...variablesOf(REFUSED) })
})
afterAll(() => {
  vi.unstubAllEnvs()
  ssh[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

function variablesOf(refused: typeof REFUSED): Record<string, unknown> {
  return Object.fromEntries(Object.entries(refused).map(([name, [variables]]) => [name, variables]))
}

function write(name: string, hosts: Readonly<Record<string, unknown>>): string {
  const path = join(folder, name)
  const text = stringify({ all: { hosts } }, { lineWidth: 0 })
  writeFileSync(path, text.replaceAll(/\|\n( +)VAULT/g, '!vault |\n$1'))
  return path
}

function makeSparse(path: string, bytes: number): void {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, bytes)
  closeSync(fd)
}

/** Arguments with which Ansible starts ssh, by the name of the host: the command to run there is that name. */
async function ansibleDials(pattern: string): Promise<Map<string, string[]>> {
  ssh.forget()
  const args = [
    'all',
    '-i',
    inventory,
    '--forks',
    '20',
    '-m',
    'raw',
    '-a',
    '{{ inventory_hostname }}',
    '--limit',
    pattern,
  ]
  const env = { ...process.env, PATH: ssh.path, LC_ALL: 'C.UTF-8' }
  // It reaches nobody, so it fails.
  await promisify(execFile)('ansible', args, { env }).catch(() => undefined)
  const calls = ssh.calls().filter((call) => call.includes('-tt'))
  return new Map(calls.map((call) => [/([a-z]\w*)\W*$/.exec(call.at(-1) ?? '')?.[1] ?? '', call]))
}

describe('hosts as Ansible resolves them', () => {
  test('are dialled by bench as by Ansible: under other names, by templates and vaults, with odd values', async () => {
    const pattern = Object.keys(REACHED).join(',')
    const [hosts, calls] = await Promise.all([readInventories([inventory], pattern), ansibleDials(pattern)])
    const remote = hosts.map(toRemoteHost)
    expect(remote.map(({ name }) => name).toSorted()).toEqual(Object.keys(REACHED).toSorted())
    for (const host of remote) {
      const call = calls.get(host.name)
      expect(call, host.name).toBeDefined()
      const [address, command = ''] = (call ?? []).slice(-2)
      const theirs = dialled([...(call ?? []).slice(0, -3), address ?? ''])
      expect({ [host.name]: dialled([...connectionArgs(host), host.address]) }).toEqual({
        [host.name]: theirs,
      })
      expect({ [host.name]: host.become }).toEqual({ [host.name]: command.startsWith('sudo ') })
    }
    expect(remote.find(({ name }) => name === 'vaulted')?.address).toBe('192.0.2.50')
    expect(remote.find(({ name }) => name === 'of_a_lookup')?.user).toBe('grace')
  })

  test('are dialled as ansible.cfg and the environment say, where the inventory says nothing', async () => {
    const cfg = join(folder, 'ansible.cfg')
    writeFileSync(
      cfg,
      '[defaults]\nremote_user=ada\nprivate_key_file=/k/all\ntimeout=33\n[ssh_connection]\nssh_args=-o ProxyJump=gate\n',
    )
    vi.stubEnv('ANSIBLE_CONFIG', cfg)
    vi.stubEnv('ANSIBLE_REMOTE_PORT', '2200')
    try {
      const [[host], calls] = await Promise.all([
        readInventories([inventory], 'plain'),
        ansibleDials('plain'),
      ])
      const call = calls.get('plain') ?? []
      const remote = toRemoteHost(host ?? { name: 'plain', problem: 'is missing' })
      const ours = dialled([...connectionArgs(remote), remote.address])
      expect(ours).toEqual(dialled([...call.slice(0, -3), call.at(-2) ?? '']))
      expect(ours).toMatchObject({ user: 'ada', port: '2200', proxyjump: 'gate', connecttimeout: '33' })
    } finally {
      vi.stubEnv('ANSIBLE_CONFIG', undefined)
      vi.stubEnv('ANSIBLE_REMOTE_PORT', undefined)
    }
  })

  test('are refused by name where bench cannot reach them, or would not be root there', async () => {
    const hosts = await readInventories([inventory])
    for (const [name, [, says]] of Object.entries(REFUSED)) {
      const host = hosts.find((candidate) => candidate.name === name)
      const error = benchErrorOf(() => toRemoteHost(host ?? { name, problem: 'is missing' }))
      expect({ name, message: error.message, exitCode: error.exitCode }).toEqual({
        name,
        message: expect.stringMatching(says) as string,
        exitCode: 2,
      })
    }
  })

  test('a vault without its password concerns its host alone', async () => {
    vi.stubEnv('ANSIBLE_VAULT_PASSWORD_FILE', undefined)
    try {
      const hosts = await readInventories([inventory], 'vaulted,plain')
      const vaulted = hosts.find(({ name }) => name === 'vaulted')
      expect(vaulted).toMatchObject({ problem: expect.stringMatching(/vault/i) as string })
      expect(hosts.find(({ name }) => name === 'plain')).toHaveProperty('facts')
    } finally {
      vi.stubEnv('ANSIBLE_VAULT_PASSWORD_FILE', join(folder, 'password'))
    }
  })

  test.each([
    ['all[0:1]:be*:!becomes_*', ['plain', 'old_names', 'becomes']],
    ['nobody', []],
  ])('a limit is a pattern of Ansible: %s', async (pattern, names) => {
    const hosts = await readInventories([inventory], pattern)
    expect(hosts.map(({ name }) => name)).toEqual(names)
  })

  test('no host is missed because another inventory beside its own is broken', async () => {
    const broken = join(folder, 'broken.yml')
    writeFileSync(broken, 'all: [\n')
    const error = await benchErrorOfAsync(readInventories([inventory, broken]))
    expect(error.message).toMatch(/broken\.yml: line 2, column 1: did not find expected node content$/)
  })

  test.each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path]), /^inventory .* is a pipe, not a file or/],
    ['a device', (path: string) => symlinkSync('/dev/zero', path), /is a character device, not a file or/],
    ['a giant', (path: string) => makeSparse(path, 1 << 30), /is larger than 16M$/],
  ])('is not read where it is %s', async (name, make, says) => {
    const path = join(folder, name)
    make(path)
    const error = await benchErrorOfAsync(readInventories([path]))
    expect(error.message).toMatch(says)
    expect(error.exitCode).toBe(2)
  })

  test('an inventory without a host has none', async () => {
    writeFileSync(join(folder, 'empty.yml'), 'all: {hosts: {}}\n')
    expect(await readInventories([join(folder, 'empty.yml')])).toEqual([])
    expect(await readInventories([])).toEqual([])
  })
})

describe('what Ansible cannot read is said in its parser’s words', () => {
  test.each([
    ['oneline.ini', '[atlanta] host1 host2\n', /: host range must be begin:end or begin:end:step$/],
    ['address.ini', '[db]\n[2001:db8::1]\n', /: line 2: Invalid section entry: '\[2001:db8::1\]'\. Please/],
    ['number.yml', 'all:\n  hosts:\n    007:\n', /: Host pattern 7 must be a string\. Enclose integers/],
    [`${'long-name'.repeat(12)}/of hosts`, '[a]\nx y\n', /: line 2: Expected key=value host variable/],
  ])('%s', async (name, text, says) => {
    const path = join(folder, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, text)
    const error = await benchErrorOfAsync(readInventories([path]))
    expect(error).toMatchObject({ code: 'usage.inventory', exitCode: 2 })
    expect(error.message).toMatch(says)
    expect(error.message.startsWith(`inventory ${path}: `)).toBe(true)
    expect(error.message).not.toContain('\n')
  })
})
