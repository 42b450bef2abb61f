/**
 * `npm run bench:fleet`: one trivial plan goes out to 1, 5, 10, 25 and 50 hosts and comes home: time and the controller's
 * memory against the number of hosts. The hosts are network namespaces of this machine, each with its own SSH server and
 * its own bench_directory. Arguments: other numbers of hosts.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { readFleet } from '../../remote/fleet/fleet-folder.ts'
import type { Fleet } from '../../contracts/fleet.ts'
import { median } from '../../statistics/quantile.ts'
import { SMALLEST } from './plans.ts'
import { makeNetwork, removeNetwork, type Network } from './namespaces.ts'

const PROGRAM = resolve(import.meta.dirname, '../../../dist/harness/main.js')
/** Always the same, so that what a killed run left is found by the next. */
const FOLDER = '/var/tmp/bench-fleet'
const NUMBERS = [1, 5, 10, 25, 50]
/** Bytes that a host takes: its bundle, its loop file, its results. */
const ROOM_PER_HOST = 220 * 1024 ** 2

interface Taken {
  seconds: number
  /** Bytes: the most that the controller itself had, and it with its SSH clients. */
  peak: { self: number; all: number }
  fleet: Fleet
}

const asked = process.argv.slice(2).map(Number)
const numbers = asked.length === 0 ? NUMBERS : asked
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    removeAll()
    process.exit(1)
  })
}
const PHASES = ['connect', 'bundle', 'begin', 'measure', 'fetch']
/** Line by line, since each takes minutes. */
const line = (cells: readonly (string | number)[]) =>
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(8)).join('')}\n`)
process.stdout.write(
  'Seconds in all, then of each phase the median of the hosts; MB: the most that the controller had.\n',
)
line(['hosts', 'sends', 'all', ...PHASES, 'MB', '+ ssh'])
try {
  for (const hosts of numbers) await measure(hosts)
} finally {
  removeAll()
}
/** Twice: with the bundle to be sent, and with the bundle there. */
async function measure(hosts: number): Promise<void> {
  const { bavail, bsize } = statfsSync('/var/tmp')
  if (bavail * bsize < hosts * ROOM_PER_HOST) throw new Error(`${hosts} hosts need more room in /var/tmp`)
  removeAll()
  await using network = await makeNetwork(FOLDER, hosts)
  writeFiles(network)
  for (const sends of ['bundle', '-']) {
    process.stderr.write(`${hosts} hosts …\n`)
    const { seconds, peak, fleet } = await take(network)
    const failed = fleet.hosts.filter(({ state }) => state !== 'completed')
    if (failed.length > 0)
      throw new Error(`${failed.length} failed: ${failed[0]?.name}: ${failed[0]?.reason}`)
    const phases = PHASES.map((phase) => medianOf(fleet, phase).toFixed(1))
    const megabytes = [peak.self, peak.all].map((bytes) => (bytes / 1e6).toFixed(0))
    line([hosts, sends, seconds.toFixed(1), ...phases, ...megabytes])
  }
}

function writeFiles({ addresses }: Network): void {
  const options = ['-F', 'none', '-o', `UserKnownHostsFile=${join(FOLDER, 'known_hosts')}`]
  const hosts = addresses.map((address, index) => [
    `host${index + 1}`,
    {
      ansible_host: address,
      ansible_user: 'root',
      ansible_ssh_private_key_file: join(FOLDER, 'user-key'),
      ansible_ssh_common_args: options.join(' '),
      bench_directory: join(FOLDER, 'hosts', String(index + 1)),
    },
  ])
  writeFileSync(
    join(FOLDER, 'hosts.yml'),
    stringify({ all: { hosts: Object.fromEntries(hosts) as unknown } }),
  )
  writeFileSync(join(FOLDER, 'plan.yml'), stringify(SMALLEST))
}

async function take({ asController, controllerPids }: Network): Promise<Taken> {
  const output = join(FOLDER, 'runs')
  mkdirSync(output, { recursive: true })
  const began = performance.now()
  const where = ['--inventory', join(FOLDER, 'hosts.yml'), '--output', output]
  const run = ['run', '--plan', join(FOLDER, 'plan.yml'), ...where, '--json', '--quiet']
  const [program = '', ...words] = [...asController, process.execPath, PROGRAM, ...run]
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const peak = { self: 0, all: 0 }
  const timer = setInterval(() => {
    // `ip netns exec` becomes the controller.
    peak.self = Math.max(peak.self, memoryOf(child.pid ?? 0))
    peak.all = Math.max(
      peak.all,
      controllerPids().reduce((sum, pid) => sum + memoryOf(pid), 0),
    )
  }, 500)
  await new Promise((ended) => child.once('close', ended))
  clearInterval(timer)
  const { fleet } = JSON.parse(printed) as { fleet: string }
  return { seconds: (performance.now() - began) / 1000, peak, fleet: readFleet(fleet) }
}

/** Returns the bytes of a process, what it shares divided among those that share it: proc(5), smaps_rollup. */
function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024
  } catch {
    // It has ended since it was listed.
    return 0
  }
}

function medianOf({ hosts }: Fleet, phase: string): number {
  return median(hosts.map(({ seconds }) => seconds[phase] ?? 0)) ?? 0
}

function removeAll(): void {
  removeNetwork(FOLDER)
  rmSync(FOLDER, { recursive: true, force: true })
}
