import type { Driver, DriverMeta, Limit, Support } from '../contracts/driver.ts'
import { ExitCode, messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { RUNTIME_DIRECTORY } from '../journal/runtime-directory.ts'
import { existingFolder } from '../linux/existing-folder.ts'
import { isRoot } from '../linux/privilege.ts'
import { scratchDirectory } from '../linux/xdg.ts'
import { parseConfiguration } from '../plan/configuration.ts'
import { describeOptions, type OptionInfo } from '../plan/options-schema.ts'
import type { Context } from './context.ts'
import { reexecInMountNamespace } from './namespace.ts'

interface ConfigurationSupport {
  configuration: string
  support: Support
}

/** `bench list drivers`: each tried out on this host, where that is allowed. */
export async function listDrivers(json: boolean, context: Context): Promise<number> {
  if (isRoot()) {
    const code = await reexecInMountNamespace(context)
    if (code !== null) return code
  }
  const { drivers } = await context.registry()
  const host = isRoot() ? await realHost() : null
  const listed = []
  for (const driver of drivers) {
    const { id, title, summary, cowUnit, emulated, role, backings } = driver.meta
    listed.push({
      id,
      title,
      summary,
      cowUnit,
      emulated,
      role,
      backings,
      options: describeOptions(driver.meta.options),
      limits: limitLines(driver.meta.limits?.(parseConfiguration(id, drivers).config) ?? []),
      here: host === null ? null : await supportOf(driver, drivers, host),
    })
  }
  if (json) context.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
  else context.stdout.write(describeDrivers(listed))
  return ExitCode.done
}

/** `bench list scenarios` */
export async function listScenarios(json: boolean, context: Context): Promise<number> {
  const { scenarios } = await context.registry()
  const listed = scenarios.map((scenario) => ({
    ...scenario.meta,
    params: describeOptions(scenario.params),
    profiles: scenario.profiles,
  }))
  if (json) context.stdout.write(`${JSON.stringify(listed, null, 2)}\n`)
  else context.stdout.write(`${scenarios.map(describeScenario).join('\n\n')}\n`)
  return ExitCode.done
}

const NOT_ROOT = 'whether they work here is tried by mounting, which needs root: sudo bench list drivers'

async function realHost(): Promise<Host> {
  const { unrecordedHost } = await import('../host/index.ts')
  const place = { files: existingFolder(scratchDirectory()), mounts: existingFolder(RUNTIME_DIRECTORY) }
  return unrecordedHost(place)
}

/**
 * Returns the configurations to try: the default of each backing, and whatever else `all` means; one alone where each would start the
 * daemon of an engine, which takes seconds.
 */
export function triedOf({ id, backings, showcase, engine }: TriedMeta): string[] {
  const texts = backings.map((backing) => `${id}@${backing}`)
  return engine === undefined ? [...texts, ...showcase] : texts.slice(0, 1)
}

type TriedMeta = Pick<DriverMeta, 'id' | 'backings' | 'showcase' | 'engine'>

async function supportOf(
  driver: Driver,
  drivers: readonly Driver[],
  host: Host,
): Promise<ConfigurationSupport[]> {
  const texts = triedOf(driver.meta)
  const results = new Map<string, ConfigurationSupport>()
  for (const text of texts) {
    const { config } = parseConfiguration(text, drivers)
    if (results.has(config.text)) continue
    results.set(config.text, { configuration: config.text, support: await probe(driver, host, config) })
  }
  return [...results.values()]
}

async function probe(driver: Driver, host: Host, config: Parameters<Driver['probe']>[1]): Promise<Support> {
  try {
    return await driver.probe(host, config)
  } catch (error) {
    return {
      ok: false,
      code: 'driver.probe-failed',
      reason: messageOf(error),
      hint: 'bench doctor tells what is missing',
    }
  }
}

interface ListedDriver {
  id: string
  title: string
  summary: string
  backings: readonly string[]
  options: OptionInfo[]
  limits: string[]
  here: ConfigurationSupport[] | null
}

/** Tells of each driver in a line whether it works here, then of each what it is. */
function describeDrivers(listed: readonly ListedDriver[]): string {
  const width = Math.max(...listed.map(({ id }) => id.length))
  const tried = listed.flatMap((driver) =>
    driver.here === null ? [] : [`${driver.id.padEnd(width)}  ${hereLine(driver, driver.here)}`],
  )
  const answer = tried.length === 0 ? NOT_ROOT : tried.join('\n')
  return `${[answer, ...listed.map(describeDriver)].join('\n\n')}\n`
}

/** `works: overlay2@ext4, overlay2@xfs`, `works: docker:vfs@ext4 (not tried: @xfs)`, `not here: this kernel has no aufs`. */
export function hereLine(
  { id, backings }: Pick<ListedDriver, 'id' | 'backings'>,
  here: readonly ConfigurationSupport[],
): string {
  const works = here.filter(({ support }) => support.ok).map(({ configuration }) => configuration)
  if (works.length > 0) return `works: ${works.join(', ')}${untried(id, backings, here)}`
  return `not here: ${[...new Set(here.flatMap(({ support }) => (support.ok ? [] : support.reason)))].join('; ')}`
}

/** Returns the backings that nothing says anything of: ` (not tried: @xfs, @btrfs)`. */
function untried(id: string, backings: readonly string[], here: readonly ConfigurationSupport[]): string {
  const tried = here.map(({ configuration }) => configuration.split('+')[0])
  const left = backings.filter((backing) => !tried.includes(id) && !tried.includes(`${id}@${backing}`))
  return left.length === 0 ? '' : ` (not tried: ${left.map((backing) => `@${backing}`).join(', ')})`
}

function describeDriver({ id, title, summary, options, limits, here }: ListedDriver): string {
  return [
    `${id} — ${title}`,
    `  ${summary}`,
    ...options.map((option) => `  +${describeOption(option)}`),
    ...limits.map((limit) => `  lacks: ${limit}`),
    ...absentLines(here ?? []),
  ].join('\n')
}

/** Returns a line for each reason: what the driver lacks, and why. */
export function limitLines(limits: readonly Limit[]): string[] {
  const checks = new Map<string, string[]>()
  for (const { check, reason } of limits) checks.set(reason, [...(checks.get(reason) ?? []), check])
  return [...checks].map(([reason, names]) => `${names.join('; ')} (${reason})`)
}

/** Returns a line for each reason why configurations do not work here, with what would help. */
function absentLines(here: readonly ConfigurationSupport[]): string[] {
  const whose = new Map<string, string[]>()
  for (const { configuration, support } of here) {
    if (support.ok) continue
    const why = `${support.reason}; ${support.hint}`
    whose.set(why, [...(whose.get(why) ?? []), configuration])
  }
  return [...whose].map(([why, configurations]) => `  not here: ${configurations.join(', ')}: ${why}`)
}

function describeScenario(scenario: Scenario): string {
  const { id, title, question, phases } = scenario.meta
  return [
    `${id} — ${title}`,
    `  ${question}`,
    ...describeOptions(scenario.params).map((option) => `  --set ${describeOption(option)}`),
    ...phases.map(
      (phase) =>
        `  phase ${phase.id} (${phase.unit}, ${phase.better} is better${phase.headline ? ', headline' : ''}): ${phase.title}`,
    ),
  ].join('\n')
}

function describeOption(option: OptionInfo): string {
  const values = option.values === null ? '' : ` (${option.values.join('|')})`
  return `${option.name}=${option.default ?? ''}${values}: ${option.description}`
}
