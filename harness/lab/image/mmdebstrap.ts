/** A root folder of Debian packages, by mmdebstrap(1). */
import { BenchError, ExitCode, messageOf } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'
import { inProcessNamespace } from '../../linux/privilege.ts'
import { buildScript } from './files.ts'

/** Seconds. A kernel module built on a busy machine took nine minutes. */
const LONGEST_BUILD = 3600

/** Nobody reads it in a guest; without it an image is a third smaller. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*']

export interface RootRequest {
  /** The folder that is made. */
  target: string
  suite: string
  /** Lines of sources.list(5). */
  sources: readonly string[]
  /** Lines of apt.conf(5). */
  aptOptions: readonly string[]
  /** `minbase`: what a Debian is, configured. `extract`: the packages alone, unpacked. */
  variant: 'minbase' | 'extract'
  packages: readonly string[]
  /** Packages that are skipped where the suite lacks them. */
  packagesMaybe?: readonly string[]
  /** A build script that is run with the root as its argument when the packages are there. */
  hook?: string
  /** Folder in which packages are kept from one build to the next. */
  packageCache: string
  /** Log of mmdebstrap and apt. */
  log: string
  env: Readonly<Record<string, string>>
}

export function mmdebstrapArgs(request: RootRequest): string[] {
  const { hook } = request
  return [
    `--variant=${request.variant}`,
    '--mode=root',
    '--format=directory',
    `--logfile=${request.log}`,
    // The first wants an empty package cache, the second throws packages away that were unpacked.
    '--skip=download/empty',
    '--skip=essential/unlink',
    ...request.aptOptions.map((option) => `--aptopt=${option}`),
    '--aptopt=Acquire::Languages "none"',
    ...LEFT_OUT.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    `--include=${request.packages.join(',')}`,
    // A pattern may match nothing; a name that is not there is an error. Virtual is one that others mention alone.
    ...(request.packagesMaybe ?? []).map((name) => `--include=?and(?exact-name(${name}),?not(?virtual))`),
    `--setup-hook=${buildScript('packages-in')}`,
    ...(hook === undefined ? [] : [`--customize-hook=${buildScript(hook)}`]),
    `--customize-hook=${buildScript('packages-out')}`,
    request.suite,
    request.target,
    ...request.sources,
  ]
}

/**
 * Runs a step of a build; what it needs to know is in its environment. Returns its output. The step dies with this process and
 * leaves no mount then.
 */
export async function runAlone(
  host: Pick<Host, 'run'>,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [program, ...args] = inProcessNamespace(command, { mounts: true })
  const { stdout } = await host.run(program, args, { timeout: LONGEST_BUILD, env })
  return stdout
}

/** @throws BenchError — with the file that says why. */
export async function makeRoot(host: Pick<Host, 'run'>, request: RootRequest): Promise<void> {
  try {
    const env = { ...request.env, LAB_PACKAGES: request.packageCache }
    await runAlone(host, ['mmdebstrap', ...mmdebstrapArgs(request)], env)
  } catch (error) {
    throw new BenchError(`the packages of ${request.suite} could not be fetched or unpacked`, {
      code: 'lab.no-root',
      hint: `see ${request.log}`,
      exitCode: ExitCode.hostNotReady,
      cause: messageOf(error),
    })
  }
}
