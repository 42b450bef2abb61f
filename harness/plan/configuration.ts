/**
 * The notation of driver configurations: `[ENGINE:]NAME[@BACKING][+OPTION=VALUE]…[#LABEL]`. A label sets a configuration apart
 * from another that is the same but for it, which is then its control: to see what difference chance alone makes.
 */
import type { Backing, Driver, DriverConfig } from '../contracts/driver.ts'
import { usageError } from '../contracts/error.ts'
import { encodeOptions, parseOptions } from './options-schema.ts'
import { suggestion } from './suggest.ts'

export interface Configuration {
  driver: Driver
  config: DriverConfig
  /** Label that distinguishes it from its equal; null without one. */
  label: string | null
}

const LABEL = /^[a-z0-9][a-z0-9-]{0,15}$/

/** Parses one configuration. Throws a usage error with the nearest right word. */
export function parseConfiguration(text: string, drivers: readonly Driver[]): Configuration {
  const { unlabelled, label } = splitLabel(text.trim())
  const [head = '', ...optionTexts] = unlabelled.split('+')
  const [name = '', backingText, ...rest] = head.split('@')
  if (name === '' || rest.length > 0) {
    throw usageError(
      'bad-configuration',
      `"${text}" is not a driver configuration`,
      'write [ENGINE:]NAME[@BACKING][+OPTION=VALUE]…[#LABEL]',
    )
  }
  const driver = findDriver(name, drivers)
  const backing = parseBacking(driver, backingText)
  const options = parseOptions(
    driver.meta.options,
    optionPairs(optionTexts, text),
    `driver ${driver.meta.id}`,
  )
  const config = { driver: driver.meta.id, backing, options }
  const suffix = label === null ? '' : `#${label}`
  return { driver, config: { ...config, text: `${notation(driver, backing, options)}${suffix}` }, label }
}

function splitLabel(text: string): { unlabelled: string; label: string | null } {
  const at = text.indexOf('#')
  if (at < 0) return { unlabelled: text, label: null }
  const label = text.slice(at + 1)
  if (!LABEL.test(label)) {
    throw usageError(
      'bad-configuration',
      `"#${label}" in ${text} is not a label`,
      'write 1 to 16 lower-case letters, digits and hyphens: overlay2#again',
    )
  }
  return { unlabelled: text.slice(0, at), label }
}

/**
 * Parses a comma-separated list; `all` stands for the showcase configurations of every driver without an engine, `engines` for
 * those of every driver with one. Commas within option values cannot occur. Duplicates are merged.
 */
export function parseConfigurations(list: readonly string[], drivers: readonly Driver[]): Configuration[] {
  const found = new Map<string, Configuration>()
  for (const text of list.flatMap((item) => item.split(','))) {
    if (text.trim() === '') throw usageError('bad-configuration', 'a driver configuration is empty')
    for (const one of wordMeans(text.trim(), drivers) ?? [text]) {
      const configuration = parseConfiguration(one, drivers)
      found.set(configuration.config.text, configuration)
    }
  }
  return [...found.values()]
}

/**
 * Returns the control of a configuration. Of a labelled one: its equal without a label. Else the control driver on the same
 * backing; null where there is none, and for the control driver itself.
 */
export function controlOf(configuration: Configuration, drivers: readonly Driver[]): Configuration | null {
  if (configuration.label !== null) {
    return parseConfiguration(splitLabel(configuration.config.text).unlabelled, drivers)
  }
  if (configuration.driver.meta.role === 'control') return null
  const control = drivers.find((driver) => driver.meta.role === 'control')
  const backing = configuration.config.backing
  if (control === undefined || !control.meta.backings.includes(backing)) return null
  return parseConfiguration(`${control.meta.id}@${backing}`, drivers)
}

/** Words that stand for configurations, and whether these are of drivers with an engine. */
const WORDS: Readonly<Record<string, boolean>> = { all: false, engines: true }

/** Returns the configurations that a word stands for; null: it is a configuration itself. */
function wordMeans(word: string, drivers: readonly Driver[]): readonly string[] | null {
  const throughEngine = WORDS[word]
  if (throughEngine === undefined) return null
  const meant = drivers.filter(({ meta }) => (meta.engine !== undefined) === throughEngine)
  return meant.flatMap(({ meta }) => meta.showcase)
}

/** Returns the configuration that does without the engine what this one does through it; null where there is none. */
export function withoutEngine(
  { driver, config }: Configuration,
  drivers: readonly Driver[],
): Configuration | null {
  const text = driver.meta.engine?.withoutEngine(config) ?? null
  return text === null ? null : parseConfiguration(text, drivers)
}

function findDriver(name: string, drivers: readonly Driver[]): Driver {
  const driver = drivers.find((candidate) => candidate.meta.id === name)
  if (driver !== undefined) return driver
  const names = drivers.map((candidate) => candidate.meta.id)
  throw usageError(
    'unknown-driver',
    `there is no driver ${name}`,
    suggestion(name, [...names, ...Object.keys(WORDS)]),
  )
}

function parseBacking(driver: Driver, text: string | undefined): Backing {
  if (text === undefined) return driver.meta.backings[0]
  const backing = driver.meta.backings.find((candidate) => candidate === text)
  if (backing !== undefined) return backing
  throw usageError(
    'unknown-backing',
    `driver ${driver.meta.id} does not run on ${text === '' ? 'an empty backing' : text}`,
    suggestion(text, driver.meta.backings),
  )
}

function optionPairs(texts: readonly string[], whole: string): Record<string, string> {
  const pairs = new Map<string, string>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at <= 0) throw usageError('bad-configuration', `"+${text}" in ${whole} is not OPTION=VALUE`)
    const name = text.slice(0, at)
    if (pairs.has(name)) throw usageError('bad-configuration', `option ${name} is given twice in ${whole}`)
    pairs.set(name, text.slice(at + 1))
  }
  return Object.fromEntries(pairs)
}

/** A backing is named where the driver has a choice; an option where it differs from its default. */
function notation(driver: Driver, backing: Backing, options: unknown): string {
  const defaults = encodeOptions(driver.meta.options, driver.meta.options.parse({}))
  const encoded = encodeOptions(driver.meta.options, options)
  const changed = Object.keys(encoded)
    .filter((name) => encoded[name] !== defaults[name])
    .toSorted()
    .map((name) => `+${name}=${encoded[name]}`)
  const at = driver.meta.backings.length > 1 ? `@${backing}` : ''
  return `${driver.meta.id}${at}${changed.join('')}`
}
