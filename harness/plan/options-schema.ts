/** Descriptions read from the zod schema of a driver's options or a scenario's parameters. */
import { z, type ZodType } from 'zod'
import { usageError } from '../contracts/error.ts'
import { suggestion } from './suggest.ts'

export interface OptionInfo {
  name: string
  description: string
  default: string | null
  /** The values it may take, where they are a fixed set. */
  values: readonly string[] | null
}

type Schema = ZodType<unknown, Record<string, unknown>>

export function describeOptions(schema: Schema): OptionInfo[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const facts = typeof property === 'boolean' ? {} : property
    return {
      name,
      description: facts.description ?? '',
      default: facts.default === undefined ? null : JSON.stringify(facts.default).replace(/^"|"$/g, ''),
      values: facts.enum?.map(String) ?? null,
    }
  })
}

/**
 * Parses options given as text. `owner` names them in messages (`driver overlay2`). Throws a usage error that says
 * which option is wrong and what would be right.
 */
export function parseOptions(schema: Schema, raw: Readonly<Record<string, string>>, owner: string): unknown {
  const known = describeOptions(schema).map((option) => option.name)
  for (const name of Object.keys(raw)) {
    if (known.includes(name)) continue
    const hint = known.length === 0 ? `${owner} has no options` : suggestion(name, known)
    throw usageError('unknown-option', `${owner} has no option ${name}`, hint)
  }
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const name = String(issue?.path[0] ?? '')
  const given = name === '' ? '' : `${name}=${raw[name] ?? ''} `
  throw usageError('bad-option', `${owner}: ${given}${issue?.message ?? 'is not valid'}`)
}

/** The text of parsed options again, in the canonical notation of each: `{ cluster: '64K' }`. */
export function encodeOptions(schema: Schema, value: unknown): Record<string, string> {
  const encoded = z.encode(schema, value)
  return Object.fromEntries(
    Object.entries(encoded)
      .filter(([, text]) => text !== undefined)
      .map(([name, text]) => [name, String(text)]),
  )
}
