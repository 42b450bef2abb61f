import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { BenchError, messageOf } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'
import { isRoot } from '../../linux/privilege.ts'
import { versionOf } from '../facts/tools.ts'
import { BE_ROOT, missing, ok, SET_UP, tried, warning, type Check } from './check.ts'

export type OciRuntime = 'crun' | 'runc'

const RUNTIMES: readonly OciRuntime[] = ['crun', 'runc']
const SAID = 'ready'
/** Seconds. A container of busybox takes some 30 ms. */
const TIMEOUT = 20

/** crun and runc, each by starting a container. One that works is enough for every scenario. */
export async function checkRuntimes(host: Host, folder: string): Promise<Check[]> {
  const checks: Check[] = []
  for (const runtime of RUNTIMES) checks.push(await checkRuntime(host, runtime, folder))
  const working = checks.find(({ state }) => state === 'ok')
  if (working === undefined) return checks
  const mend = `nothing has to be done: ${working.id} works and is what startup takes by default`
  return checks.map((check) => (check.state === 'missing' ? warning(check, check.found, mend) : check))
}

async function checkRuntime(host: Host, runtime: OciRuntime, folder: string): Promise<Check> {
  const subject = { id: runtime, title: runtime }
  if (host.which(runtime) === null) return missing(subject, 'not installed', SET_UP)
  const version = (await versionOf(host, runtime)) ?? 'of unknown version'
  const busybox = host.which('busybox')
  if (busybox === null) return warning(subject, `${version}; not tried: there is no busybox`, SET_UP)
  const mend = isRoot() ? 'look at the line of control groups; without a runtime: no startup' : BE_ROOT
  return tried(subject, mend, async () => {
    try {
      await startContainer(host, runtime, busybox, folder)
    } catch (error) {
      return missing(subject, `${version} does not start a container: ${reasonOf(error)}`, mend)
    }
    return ok(subject, `${version} starts a container`)
  })
}

/** Runs `busybox echo` in a container of the runtime's own default configuration. Throws when it does not answer. */
async function startContainer(
  host: Host,
  runtime: OciRuntime,
  busybox: string,
  folder: string,
): Promise<void> {
  const bundle = path.join(folder, runtime)
  const id = `bench-doctor-${runtime}-${process.pid}`
  mkdirSync(path.join(bundle, 'rootfs/bin'), { recursive: true })
  copyFileSync(busybox, path.join(bundle, 'rootfs/bin/busybox'))
  await host.run(runtime, ['spec'], { cwd: bundle })
  const file = path.join(bundle, 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { process: { terminal: boolean; args: string[] } }
  config.process.terminal = false
  config.process.args = ['/bin/busybox', 'echo', SAID]
  writeFileSync(file, JSON.stringify(config))
  const entry = { kind: 'cgroup', name: id } as const
  host.journal.record(entry)
  // The runtime's own state too lies in the folder, so that nothing of it can stay behind.
  const root = ['--root', path.join(folder, `${runtime}-state`)]
  try {
    const { stdout } = await host.run(runtime, [...root, 'run', '--bundle', bundle, id], { timeout: TIMEOUT })
    if (stdout.trim() !== SAID) throw new BenchError(`it said "${stdout.trim()}"`, { code: 'doctor.runtime' })
  } finally {
    await host.run(runtime, [...root, 'delete', '--force', id], { accept: [0, 1] })
    host.journal.forget(entry)
  }
}

/** Returns the runtime's own message, without the command line in front of it. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/^.* ended with \d+: /, '')
}
