/** A request: the options as text, from flags or from a plan file, with one schema for both. */
import { resolve } from 'node:path'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { messageOf, usageError } from '../contracts/error.ts'
import type { Injected } from '../contracts/options.ts'
import { parseDuration, parseSize } from '../contracts/units.ts'
import { readInputFile } from '../linux/input-file.ts'
import { suggestion } from './suggest.ts'

const oneWord = z.string({ error: 'is not a word' })
const list = z.union([z.string().transform((text) => [text]), z.array(z.string())], {
  error: 'is neither a word nor a list of words',
})
const onePath = oneWord.pipe(z.string().min(1, { error: 'is empty' }))
const text = z
  .union([z.string(), z.number(), z.bigint()], { error: 'is neither a word nor a number' })
  .transform(String)
const values = z.union([text, z.array(text)], {
  error: 'is neither a value nor a list of values',
})
/** On and off as YAML writes them, which are true and false or just words by its version. */
const SWITCHED: Readonly<Record<string, string>> = { true: 'on', yes: 'on', false: 'off', no: 'off' }
const onOrOff = z
  .union([z.boolean(), z.string()], { error: 'is neither on nor off' })
  .transform((value) => SWITCHED[String(value)] ?? String(value))
const mapOf = <T extends z.ZodType>(of: T) =>
  z.record(z.string(), of, {
    error: ({ input }) => (isMap(input) ? undefined : 'is not a map: write KEY: VALUE lines below it'),
  })

function isMap(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** `1, 2` → `['1', '2']`. */
function splitValues(joined: string): string[] {
  return joined.split(',').map((one) => one.trim())
}

function splitEach(set: Record<string, string | string[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(set).map(([key, value]) => [
      key,
      Array.isArray(value) ? value : takesCommas(key) ? [value] : splitValues(value),
    ]),
  )
}

const requestSchema = z.strictObject({
  driver: list.optional(),
  scenario: list.optional(),
  image: onePath.optional(),
  profile: oneWord.optional(),
  set: mapOf(values).transform(splitEach).optional(),
  rounds: text.optional(),
  'max-rounds': text.optional(),
  precision: text.optional(),
  same: text.optional(),
  budget: text.optional(),
  cache: oneWord.optional(),
  seed: text.optional(),
  calibration: oneWord.optional(),
  controls: onOrOff.optional(),
  load: oneWord.optional(),
  inject: mapOf(text).optional(),
  gate: mapOf(text).optional(),
  scratch: onePath.optional(),
  device: onePath.optional(),
  destroy: oneWord.optional(),
  'scratch-size': text.optional(),
  output: onePath.optional(),
  host: list.optional(),
  inventory: onePath.optional(),
  limit: oneWord.optional(),
  patience: text.optional(),
})

export type Request = z.infer<typeof requestSchema>
export const REQUEST_KEYS = Object.keys(requestSchema.shape)

/** Bytes of the largest plan file: the time to look for keys that are there twice grows with the square of their number. */
const MOST_PLAN_BYTES = 64 * 1024

/** `<<` takes over the keys of another map. Integers keep all their digits. */
const YAML_OPTIONS = { logLevel: 'error', merge: true, intAsBigInt: true } as const

/** Beginning of keys that are left to the writer of the file, to hold what `<<` takes over. */
const EXTENSION = 'x-'

/** Reads `--plan FILE.yaml`. Throws a usage error that names the file and the key. */
export function readPlanFile(path: string): Request {
  let content: unknown
  try {
    content = parseYaml(readInputFile(path, MOST_PLAN_BYTES), YAML_OPTIONS)
  } catch (error) {
    throw usageError(
      'plan-file',
      `plan file ${path}: ${yamlMessage(error)}`,
      'give the path of a YAML file with the options of bench run',
    )
  }
  if (content === null || typeof content !== 'object' || Array.isArray(content)) {
    throw usageError(
      'plan-file',
      `plan file ${path} contains no options`,
      `write KEY: VALUE lines; keys: ${REQUEST_KEYS.join(', ')}`,
    )
  }
  const options = Object.entries(content).filter(([key]) => !key.startsWith(EXTENSION))
  for (const [key] of options) {
    if (!REQUEST_KEYS.includes(key)) {
      throw usageError(
        'plan-file',
        `plan file ${path}: there is no option ${key}`,
        suggestion(key, REQUEST_KEYS),
      )
    }
  }
  return parseRequest(Object.fromEntries(options), `plan file ${path}`)
}

/** Returns the first line of what the parser says, without the colon before the lines that it shows. */
function yamlMessage(error: unknown): string {
  if (error instanceof YAMLParseError && error.code === 'MULTIPLE_DOCS') return 'contains several documents'
  return (messageOf(error).split('\n')[0] ?? '').replace(/:$/, '')
}

/** `owner` names in a usage error what holds the request. */
export function parseRequest(content: unknown, owner: string): Request {
  const result = requestSchema.safeParse(content)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw usageError(
    'plan-file',
    `${owner}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  )
}

/** Flags override the plan file; `set` and `gate` key by key. */
export function mergeRequests(file: Request, flags: Request): Request {
  const set = { ...file.set, ...flags.set }
  const gate = { ...file.gate, ...flags.gate }
  return {
    ...file,
    ...flags,
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(Object.keys(gate).length === 0 ? {} : { gate }),
  }
}

/** Hosts that measure the plan, and how they are reached; text as given. */
export type HostsAsked = Pick<Request, 'host' | 'inventory' | 'limit' | 'patience'>

/** Keys about hosts, which are not part of what each host measures. */
export function splitHosts(request: Request): { hosts: HostsAsked; request: Request } {
  const { host, inventory, limit, patience, ...rest } = request
  return { hosts: { host, inventory, limit, patience }, request: rest }
}

/** Returns the folder that run folders are made in. */
export function outputDirectory({ output }: Pick<Request, 'output'>): string {
  return resolve(output ?? 'bench-runs')
}

/** Returns the command line of `bench run` that asks for this. */
export function commandLineOf({ set, inject, gate, ...same }: Request): string {
  const words = [
    ...Object.entries(same).flatMap(([key, value]) => [`--${key}`, [value].flat().join(',')]),
    ...Object.entries(set ?? {}).flatMap(([key, of]) => ['--set', `${key}=${of.join(',')}`]),
    ...Object.entries(inject ?? {}).flatMap(([key, share]) => ['--inject', `${key}=${share}`]),
    ...Object.entries(gate ?? {}).flatMap(([key, share]) => ['--gate', `${key}=${share}`]),
  ]
  return ['bench', 'run', ...words].join(' ')
}

/** Tells whether a parameter is one text, commas and all: a command line. */
function takesCommas(key: string): boolean {
  return key === 'command' || key.endsWith('.command')
}

/** `['size=1M,16M', 'depth=7']` → `{ size: ['1M', '16M'], depth: ['7'] }`; a key given twice takes the values of both. */
export function parseSets(texts: readonly string[]): Record<string, string[]> {
  const set = new Map<string, string[]>()
  for (const one of texts) {
    const at = one.indexOf('=')
    if (at <= 0 || at === one.length - 1) {
      throw usageError('bad-set', `--set ${one} is not KEY=VALUE[,VALUE…]`, 'for example: --set size=1M,16M')
    }
    const key = one.slice(0, at)
    const value = one.slice(at + 1)
    set.set(key, [...(set.get(key) ?? []), ...(takesCommas(key) ? [value] : splitValues(value))])
  }
  return Object.fromEntries(set)
}

/** `['overlay2#slow=5%']` → `{ 'overlay2#slow': '5%' }`; options of a configuration hold `=` too. */
export function parseInjections(texts: readonly string[]): Record<string, string> {
  const injections = new Map<string, string>()
  for (const one of texts) {
    const at = one.lastIndexOf('=')
    if (at <= 0 || at === one.length - 1) {
      throw usageError(
        'inject',
        `--inject ${one} is not CONFIGURATION=DELAY`,
        'for example: --inject overlay2#slow=5%, or overlay2#slow=20ms/flush',
      )
    }
    injections.set(one.slice(0, at), one.slice(at + 1))
  }
  return Object.fromEntries(injections)
}

/** Returns a percentage as a share, 0.03 for `3%`, or throws a usage error that names the flag. */
export function shareOf(flag: string, value: string): number {
  const share = Number(value.slice(0, -1)) / 100
  if (!/^\d+(\.\d+)?%$/.test(value) || share <= 0 || share > 10) {
    throw usageError(
      'bad-share',
      `${flag}: ${value} is not a percentage above 0% and up to 1000%`,
      'write 3% or 0.5%',
    )
  }
  return share
}

const PER_FLUSH = '/flush'

/** Seconds; no disk that is worth measuring takes as long. */
const LONGEST_FLUSH_DELAY = 1

/** `5%` of each phase as a share, `20ms/flush` as seconds for each flush; or a usage error that names the flag. */
export function injectionOf(flag: string, value: string): Injected {
  if (!value.endsWith(PER_FLUSH)) return shareOf(flag, value)
  const seconds = parseDuration(value.slice(0, -PER_FLUSH.length)) ?? 0
  const milliseconds = Math.round(seconds * 1000)
  const isWhole = Math.abs(seconds * 1000 - milliseconds) < 1e-6
  if (!isWhole || milliseconds < 1 || seconds > LONGEST_FLUSH_DELAY) {
    throw usageError(
      'bad-flush-delay',
      `${flag}: ${value} is not a delay of whole milliseconds, from 1ms to 1s`,
      'write 20ms/flush',
    )
  }
  return { flush: milliseconds / 1000, measured: null }
}

/** Returns a size in bytes, or throws a usage error that names the flag. */
export function sizeOf(flag: string, value: string): number {
  const bytes = parseSize(value)
  if (bytes === null || bytes === 0)
    throw usageError('bad-size', `${flag} ${value} is not a size`, 'write 4096, 64K, 1MiB or 8G')
  return bytes
}

/** Returns a duration in seconds, or throws a usage error that names the flag. */
export function durationOf(flag: string, value: string): number {
  const seconds = parseDuration(value)
  if (seconds === null || seconds === 0) {
    throw usageError('bad-duration', `${flag} ${value} is not a duration`, 'write 90s, 10m or 1h30m')
  }
  return seconds
}

/** Returns a whole number within bounds, or throws a usage error that names the flag. */
export function integerOf(flag: string, value: string, minimum: number, maximum: number): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
    throw usageError('bad-number', `${flag} ${value} is not a whole number from ${minimum} to ${maximum}`)
  }
  return number
}

/** One of a fixed set of words, or a usage error with the nearest. */
export function wordOf<const T extends string>(flag: string, value: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value)
  if (word === undefined)
    throw usageError('bad-value', `${flag} ${value} is not known`, suggestion(value, words))
  return word
}
