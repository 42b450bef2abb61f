/** Which OCI runtime starts containers on this host: found by starting one. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../../../harness/contracts/error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { nameOf } from '../../../harness/contracts/run-id.ts'
import { setUpCommand } from '../../../harness/linux/package.ts'
import { readBusybox } from '../../dataset/busybox.ts'
import { GREETING, writeBundle } from './bundle.ts'
import { abandonContainer, finishContainer, startContainer } from './lifecycle.ts'
import { LIMIT_SECONDS, limitRuntime } from './runtime-limit.ts'

/** crun first: it is the faster one. crun 1.8 refuses a hybrid cgroup layout, where runc 1.1 runs. */
const CANDIDATES = ['crun', 'runc'] as const

const HINT = `${setUpCommand()} installs crun and runc`

const found = new WeakMap<Host, Promise<string>>()

/** Throws `scenario.no-runtime` when the one that was asked for is not installed, or none works. */
export function chooseRuntime(
  host: Host,
  wanted: 'auto' | 'crun' | 'runc',
  directory: string,
): Promise<string> {
  if (wanted === 'auto') {
    const known = found.get(host) ?? probe(host, directory)
    found.set(host, known)
    return known
  }
  if (host.which(wanted) !== null) return Promise.resolve(wanted)
  return Promise.reject(noRuntime(`${wanted} is not installed`))
}

async function probe(host: Host, directory: string): Promise<string> {
  const reasons: string[] = []
  for (const runtime of CANDIDATES) {
    if (host.which(runtime) === null) {
      reasons.push(`${runtime} is not installed`)
      continue
    }
    try {
      await startOnce(host, runtime, join(directory, `probe-${runtime}`))
      return runtime
    } catch (error) {
      reasons.push(messageOf(error))
    }
  }
  throw noRuntime(`no OCI runtime starts a container here: ${reasons.join('; ')}`)
}

/** A root with busybox and nothing else. */
async function startOnce(host: Host, runtime: string, directory: string): Promise<void> {
  const root = join(directory, 'root')
  for (const name of ['bin', 'dev', 'proc']) mkdirSync(join(root, name), { recursive: true })
  writeFileSync(join(root, 'bin/busybox'), readBusybox(), { mode: 0o755 })
  const bundle = writeBundle(uniqueId(host.journal), directory, root)
  using limited = limitRuntime(host, LIMIT_SECONDS)
  try {
    const running = await startContainer(limited.host, runtime, bundle)
    const { output } = await finishContainer(limited.host, runtime, bundle, running)
    if (output !== GREETING) throw new Error(`${runtime} lost the container's output`)
  } catch (error) {
    await abandonContainer(limited.host, runtime, bundle)
    throw limited.hung() ?? error
  }
}

/** Returns a name for a container and its cgroup that nothing else on the host has. */
export function uniqueId(journal: Host['journal']): string {
  return nameOf(journal, randomBytes(6).toString('hex'))
}

function noRuntime(message: string): BenchError {
  return new BenchError(message, { code: 'scenario.no-runtime', hint: HINT, exitCode: ExitCode.cellFailed })
}
