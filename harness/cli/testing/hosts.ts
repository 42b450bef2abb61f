/** Hosts for the tests of the command line, as a rule this machine, reached through real SSH servers. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { quoteArg } from '../../remote/ssh/ssh-args.ts'
import { startBench, type Place, type Running } from './bench.ts'

/** The inventory that names find their hosts in. */
export function writeInventory(place: Place, hosts: Readonly<Record<string, RemoteHost>>): void {
  const path = place.at('config/bench/hosts.yml')
  mkdirSync(dirname(path), { recursive: true })
  const entries = Object.entries(hosts).map(([name, host]) => [
    name,
    {
      ansible_host: host.address,
      ansible_port: host.port,
      ansible_user: host.user,
      ansible_ssh_private_key_file: host.identityFile,
      ansible_ssh_common_args: host.options.map(quoteArg).join(' '),
      bench_directory: host.directory,
      bench_device: host.device,
      bench_destroy: host.destroy,
    },
  ])
  writeFileSync(path, stringify({ all: { hosts: Object.fromEntries(entries) as unknown } }))
}

/** For a test in which several commands come and go while one follows a host. */
export const LONG_MILLISECONDS = 300_000

/** `bench`, with its bundle kept in the place, so that it is packed once for all tests of a file. */
export function startOnHosts(place: Place, args: readonly string[]): Running {
  return startBench(place, args, { XDG_CACHE_HOME: place.at('cache') }, LONG_MILLISECONDS)
}

/** Returns the smallest run, without the controls and the scratch that make it longer. */
export function smallestOnHosts(place: Place, hosts: string, ...more: readonly string[]): string[] {
  const what = ['--driver', 'bare', '--controls', 'off', '--scenario', 'bigfile', '--set', 'size=1M']
  const how = ['--set', 'depth=0', '--calibration', 'none', '--output', place.output]
  return ['run', ...what, ...how, '--host', hosts, ...more]
}

/** The run folders of a host's jobs, oldest first. */
export function runFoldersOn({ directory }: Pick<RemoteHost, 'directory'>): string[] {
  const jobs = join(directory, 'jobs')
  if (!existsSync(jobs)) return []
  const runs = readdirSync(jobs)
    .toSorted()
    .map((id) => join(jobs, id, 'run'))
  return runs
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((id) => join(path, id)))
}

export function samplesIn(folder: string | null): string {
  const path = folder === null ? '' : join(folder, 'samples.ndjson')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
