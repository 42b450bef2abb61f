import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readPlanFile } from '../harness/plan/request.ts'
import { render } from './testing/playbook.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '..')
const TEMPLATES = ['bench-nightly.sh', 'bench-nightly.service', 'bench-nightly.timer', 'sudoers']

/** Stands for the bundle's Node: does what the file `orders` says, and writes down how it was called. */
const PRETENDING = `#!/bin/sh
here=$(dirname "$0")/../..
shift
echo "$*" >>"$here/log"
makes= waits= clean=0 run=0 compare=0 report=0
. "$here/orders"
[ "$1" = clean ] || echo "this is $1"
[ "$1" != run ] || [ -z "$makes" ] || mkdir -p "$5/$makes"
if [ "$1 $waits" = 'run yes' ]; then
  trap 'echo "ended in order" >>"$here/log"; kill "$child"; exit 143' TERM
  sleep 100 & child=$!
  echo waits >>"$here/log"
  wait
fi
eval "exit \\$$1"
`

let folder: string
let results: string
let rendered: Record<string, string>

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bench-test-nightly-'))
  results = path.join(folder, 'results')
  const texts = render('nightly', TEMPLATES, {
    bench_directory: folder,
    nightly_plan: '/plans/nightly.yaml',
    nightly_results: results,
    nightly_confirm: 10,
    nightly_undecided_fails: true,
    nightly_keep: 3,
    nightly_device: '/dev/disk/by-id/spare',
    nightly_destroy: 'spare',
    nightly_on_failure: 'tell@%n.service',
    nightly_runner_user: 'bench-runner',
    quiet_program: '/bin/true',
    nightly_program: '/bin/true',
  })
  rendered = Object.fromEntries(TEMPLATES.map((name, index) => [name, texts[index] ?? '']))
  const bundle = path.join(folder, 'bundle/0123456789abcdef')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(path.join(bundle, 'node'), PRETENDING, { mode: 0o755 })
  symlinkSync('0123456789abcdef', path.join(folder, 'bundle/current'))
  writeFileSync(path.join(folder, 'bench-nightly'), rendered['bench-nightly.sh'] ?? '')
  chmodSync(path.join(folder, 'bench-nightly'), 0o755)
})
beforeEach(() => {
  rmSync(results, { recursive: true, force: true })
  writeFileSync(path.join(folder, 'log'), '')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Orders {
  makes?: string
  waits?: 'yes'
  run?: number
  compare?: number
  report?: number
}

const order = (orders: Orders) => {
  const lines = Object.entries(orders).map(([name, value]) => `${name}=${value}`)
  writeFileSync(path.join(folder, 'orders'), lines.join('\n'))
}
const log = () => readFileSync(path.join(folder, 'log'), 'utf8').split('\n').filter(Boolean)
const runs = () => readdirSync(path.join(results, 'runs')).toSorted()

function nightly(orders: Orders): number | null {
  order(orders)
  return spawnSync(path.join(folder, 'bench-nightly'), { stdio: 'ignore' }).status
}

describe('bench-nightly', () => {
  test('measures on the device, compares with what there is, and writes the summary', () => {
    expect(nightly({ makes: '20260101-a' })).toBe(0)
    const run = path.join(results, 'runs/20260101-a')
    expect(log()).toEqual([
      'clean',
      `run --plan ${results}/plan/nightly.yaml --output ${results}/runs --device /dev/disk/by-id/spare --destroy spare`,
      `compare --history ${results}/runs ${run} --fail-on-regression --confirm 10 --markdown`,
      `report ${run} --markdown`,
    ])
    expect(readlinkSync(path.join(results, 'last'))).toBe('runs/20260101-a')
    expect(readFileSync(path.join(run, 'compare.md'), 'utf8')).toBe('this is compare\n')
    expect(readFileSync(path.join(run, 'summary.md'), 'utf8')).toBe('this is report\n')
  })

  test.each<[string, Orders, number]>([
    ['a regression', { compare: 7 }, 7],
    ['a comparison that is undecided', { compare: 8 }, 8],
    ['a failed cell', { run: 5 }, 5],
    ['a failed cell and a regression', { run: 5, compare: 7 }, 5],
    ['a report that cannot be drawn', { report: 1 }, 1],
  ])('ends with the exit code of %s', (_what, orders, code) => {
    expect(nightly({ makes: '20260101-a', ...orders })).toBe(code)
    expect(existsSync(path.join(results, 'last/summary.md'))).toBe(true)
  })

  test('says what is missing where no bundle is', () => {
    const bundle = path.join(folder, 'bundle')
    renameSync(bundle, `${bundle}.away`)
    const { status, stderr } = spawnSync(path.join(folder, 'bench-nightly'), { encoding: 'utf8' })
    renameSync(`${bundle}.away`, bundle)
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: `bench-nightly: no bundle in ${bundle}; bench host provision brings one\n`,
    })
  })

  test('does not measure while another run has the host', () => {
    order({ makes: '20260101-a' })
    const words = [path.join(folder, 'lock'), path.join(folder, 'bench-nightly')]
    const { status, stderr } = spawnSync('flock', words, { encoding: 'utf8' })
    expect(status).toBe(4)
    expect(stderr).toMatch(/^bench-nightly: the host is taken: /)
    expect(log()).toEqual([])
  })

  test('leads to no run when none was made', () => {
    nightly({ makes: '20260101-a' })
    expect(nightly({ run: 4 })).toBe(4)
    expect(existsSync(path.join(results, 'last'))).toBe(false)
    expect(runs()).toEqual(['20260101-a'])
  })

  test('keeps the newest runs', () => {
    for (const makes of ['20260101-a', '20260102-b', '20260103-c', '20260104-d']) nightly({ makes })
    expect(runs()).toEqual(['20260102-b', '20260103-c', '20260104-d'])
  })

  test('gives a signal on, and waits for the end in order', async () => {
    order({ makes: '20260101-a', waits: 'yes' })
    const process = spawn(path.join(folder, 'bench-nightly'), { stdio: 'ignore' })
    while (!log().includes('waits')) await new Promise((resolve) => setTimeout(resolve, 20))
    process.kill('SIGTERM')
    expect(await once(process, 'exit')).toEqual([143, null])
    expect(log()).toContain('ended in order')
    expect(runs()).toEqual(['20260101-a'])
  })
})

describe('the units', () => {
  test('are what systemd takes', () => {
    const units = ['bench-nightly.service', 'bench-nightly.timer'].map((name) => {
      const file = path.join(folder, name)
      writeFileSync(file, rendered[name] ?? '')
      return file
    })
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
      encoding: 'utf8',
    })
    expect({ status, stderr: stderr.split('\n').filter((line) => line.includes('bench-nightly')) }).toEqual({
      status: 0,
      stderr: [],
    })
  })

  test('keep the host quiet meanwhile, catch up, and tell of a failure', () => {
    const service = rendered['bench-nightly.service']
    expect(service).toMatch(
      /^ExecStartPre=\/bin\/true set\nExecStart=\/bin\/true\n(#.*\n)*ExecStopPost=\/bin\/true back$/m,
    )
    expect(service).toMatch(/^ConditionACPower=true$/m)
    expect(service).toMatch(/^OnFailure=tell@%n\.service$/m)
    expect(rendered['bench-nightly.timer']).toMatch(/^Persistent=true$/m)
  })

  test('fail where a comparison is undecided, unless a variable of the role says otherwise', () => {
    expect(rendered['bench-nightly.service']).not.toContain('SuccessExitStatus')
    const [service] = render('nightly', ['bench-nightly.service'], {
      nightly_undecided_fails: false,
      nightly_on_failure: '',
      quiet_program: '/bin/true',
      nightly_program: '/bin/true',
      nightly_limit: '6h',
    })
    expect(service).toMatch(/^SuccessExitStatus=8$/m)
  })

  test('and the runner may do as root just these commands', () => {
    const checkout = '/var/lib/bench-runner/_work/storage-driver-bench/storage-driver-bench'
    expect(rendered['sudoers']?.replaceAll(/\s*\\\n\s*/g, ' ')).toContain(
      `Cmnd_Alias BENCH = /bin/true set, /bin/true back, /bin/true ${checkout}, ${checkout}/setup --host-only\n`,
    )
    expect(rendered['sudoers']).toMatch(/^bench-runner ALL=\(root\) NOPASSWD: BENCH$/m)
    expect(rendered['sudoers']).not.toContain('*')
  })
})

describe('plans/nightly.yaml', () => {
  test('is a plan of its options alone, on no device of its own', () => {
    const plan = readPlanFile(path.join(REPOSITORY, 'plans/nightly.yaml'))
    expect(plan).toMatchObject({ scenario: ['bigfile', 'smallwrites', 'startup', 'metadata'], seed: '1' })
    expect(plan.driver).toContain('all')
    expect(plan).not.toHaveProperty('device')
    expect(plan).not.toHaveProperty('output')
  })
})

describe('.github/workflows/nightly.yml', () => {
  const workflow = parse(readFileSync(path.join(REPOSITORY, '.github/workflows/nightly.yml'), 'utf8')) as {
    on: Record<string, unknown>
    concurrency: unknown
    permissions: unknown
    jobs: Record<string, { 'runs-on': unknown; steps: { run?: string; uses?: string; if?: string }[] }>
  }
  const job = workflow.jobs['measure']
  const steps = job?.steps ?? []
  const at = (text: string) => steps.findIndex(({ run, uses }) => `${run} ${uses}`.includes(text))

  test('runs at night or when asked, on runners of its own, one at a time', () => {
    expect(Object.keys(workflow.on)).toEqual(['schedule', 'workflow_dispatch'])
    expect(job?.['runs-on']).toEqual(['self-hosted', 'linux', 'storage-driver-bench'])
    expect(workflow.concurrency).toEqual({ group: 'nightly', 'cancel-in-progress': false })
    expect(workflow.permissions).toEqual({ contents: 'read' })
  })

  test('sets up, quiets the host, measures, and puts it back whatever happens', () => {
    const sequence = [
      'actions/checkout',
      'npm run setup',
      'bench-quiet set',
      'bench-nightly',
      'bench-quiet back',
    ]
    expect(sequence.map(at)).toEqual(sequence.map(at).toSorted((a, b) => a - b))
    expect(at(sequence[0] ?? '')).toBe(0)
    expect(steps[at('bench-quiet back')]?.if).toBe('always()')
    // A step that fails must not be forgiven: the exit code is the gate.
    expect(JSON.stringify(workflow)).not.toContain('continue-on-error')
  })

  test('keeps the run and shows the summary of a night that failed, too', () => {
    expect(steps[at('GITHUB_STEP_SUMMARY')]?.if).toBe('always()')
    expect(steps[at('actions/upload-artifact')]?.if).toMatch(/^always\(\)/)
  })

  test('asks as root for nothing but what the runner may', () => {
    const asked = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/sudo --non-interactive (.*)/g)].map(([, it]) => it),
    )
    expect(asked).toEqual([
      '"$GITHUB_WORKSPACE/setup" --host-only',
      '/usr/local/sbin/bench-quiet set',
      '/usr/local/sbin/bench-nightly "$GITHUB_WORKSPACE"',
      '/usr/local/sbin/bench-quiet back',
    ])
  })
})
