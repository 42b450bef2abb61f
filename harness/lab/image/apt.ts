/** Where packages come from: the Debian archive that this machine's own apt uses, with the options that it uses. */
import { existsSync } from 'node:fs'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'

export interface DebianArchive {
  uri: string
  /** Null where the machine has no security updates. */
  security: string | null
}

export interface AptSources {
  /** Lines of apt.conf(5). */
  options: readonly string[]
  /** Lines of sources.list(5) for a suite. */
  sources: (suite: string) => string[]
}

/** Debian's keys, of the package debian-archive-keyring: those of the suites that this machine does not run, too. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

const COMPONENTS = 'main contrib'

/** The suite that never becomes a release, and so has neither updates nor security updates. */
const ROLLING = 'sid'

/** Format for `apt-get indextargets`: one line per package list. */
const TARGET_FORMAT = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)'

/** How packages are fetched, which holds for other suites as well; the rest of apt's options belongs to the machine. */
const FETCH_OPTION =
  /^Acquire::(?:http|https|ftp|tor|Retries|Check-Valid-Until|Check-Date|Max-ValidTime|ForceIPv[46])\b/

/** The archive in what `apt-get indextargets` wrote in {@link TARGET_FORMAT}, or null. */
export function parseTargets(text: string): DebianArchive | null {
  const targets = text
    .split('\n')
    .map((line) => line.split('|'))
    .filter(([origin, , component, uri]) => origin === 'Debian' && component === 'main' && remote(uri))
  const uriOf = (label: string) => targets.find(([, its]) => its === label)?.[3] ?? null
  const uri = uriOf('Debian')
  return uri === null ? null : { uri, security: uriOf('Debian-Security') }
}

/** A disc has one suite only. */
function remote(uri: string | undefined): boolean {
  return uri !== undefined && !uri.startsWith('cdrom:')
}

/** The lines of `apt-config dump` that say how to fetch. */
export function parseOptions(text: string): string[] {
  return text.split('\n').filter((line) => FETCH_OPTION.test(line) && !line.endsWith(' "";'))
}

/** Lines of sources.list(5) for a suite. */
export function sourcesOf(archive: DebianArchive, suite: string, keyring: string | null): string[] {
  const options = keyring === null ? '' : `[signed-by=${keyring}] `
  const line = (uri: string, name: string) => `deb ${options}${uri} ${name} ${COMPONENTS}`
  if (suite === ROLLING) return [line(archive.uri, suite)]
  return [
    line(archive.uri, suite),
    line(archive.uri, `${suite}-updates`),
    ...(archive.security === null ? [] : [line(archive.security, `${suite}-security`)]),
  ]
}

/** @throws BenchError — apt of this machine knows no Debian archive. */
export async function readAptSources(host: Pick<Host, 'run'>): Promise<AptSources> {
  const args = ['indextargets', '--format', TARGET_FORMAT, 'Identifier: Packages']
  const archive = parseTargets((await host.run('apt-get', args)).stdout)
  if (archive === null)
    throw new BenchError('apt on this machine has no Debian archive, from which lab images are built', {
      code: 'lab.no-archive',
      hint: 'add one to /etc/apt/sources.list.d and run apt-get update',
      exitCode: ExitCode.hostNotReady,
    })
  const options = parseOptions((await host.run('apt-config', ['dump'])).stdout)
  const keyring = existsSync(KEYRING) ? KEYRING : null
  return { options, sources: (suite) => sourcesOf(archive, suite, keyring) }
}
