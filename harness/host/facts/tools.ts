import type { DriverMeta } from '../../contracts/driver.ts'
import type { CommandResult, Host } from '../../contracts/host.ts'
import { allNeeds } from '../../linux/needs.ts'

/** The programs of the scenarios whose version may change what is measured, and the argument that makes them print it. */
const OWN_TOOLS: Readonly<Record<string, string>> = {
  fio: '--version',
  runc: '--version',
  crun: '--version',
  zstd: '--version',
}

/** Seconds. A program that only tells its version and takes longer is broken. */
const TIMEOUT = 10
/** The same where all are asked at once, also on a busy emulated machine: an unknown version cannot be compared with any. */
const TIMEOUT_OF_MANY = 60

/**
 * Returns the version in what a program said: from the line that names the program (FUSE's programs tell their library's
 * version first), else the first thing that looks like one.
 */
export function versionIn(text: string, program: string): string | null {
  const own = text.split('\n').find((line) => line.includes(program) && VERSION.test(line))
  return VERSION.exec(own ?? text)?.[0] ?? null
}

const VERSION = /\d+\.\d[\w.+~]*/

/**
 * Reads the version of each installed program that may change what is measured: those of the scenarios, the drivers and
 * their backings. One that does not tell its version is `unknown`.
 */
export async function readToolVersions(
  host: Host,
  drivers: readonly Pick<DriverMeta, 'needs' | 'backings'>[],
): Promise<Record<string, string>> {
  const tools = new Map(Object.entries(OWN_TOOLS))
  for (const { name, version } of drivers.flatMap(allNeeds).flatMap(({ programs = [] }) => programs)) {
    if (version !== undefined) tools.set(name, version)
  }
  const installed = [...tools].filter(([program]) => host.which(program) !== null)
  const versions = await Promise.all(
    installed.map(([program, option]) => versionOf(host, program, option, TIMEOUT_OF_MANY)),
  )
  return Object.fromEntries(installed.map(([program], index) => [program, versions[index] ?? 'unknown']))
}

/** Version of one program, or null where it does not tell. */
export async function versionOf(
  host: Host,
  program: string,
  option = '--version',
  timeout = TIMEOUT,
): Promise<string | null> {
  const result = await ask(host, program, option, timeout)
  return result === null ? null : versionIn(`${result.stdout}\n${result.stderr}`, program)
}

async function ask(
  host: Host,
  program: string,
  option: string,
  timeout: number,
): Promise<CommandResult | null> {
  try {
    return await host.run(program, [option], { timeout, accept: [0, 1] })
  } catch {
    return null
  }
}
