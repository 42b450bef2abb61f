/**
 * Quantities as people write them: `1M`, `4KiB`, `10m`. Base units inside (bytes, seconds), text outside.
 * Sizes are binary whichever way they are written, as fio and Docker read them.
 */
import { z } from 'zod'

const SIZE_UNITS = ['', 'K', 'M', 'G', 'T'] as const
const SIZE_PATTERN = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i

/** Returns the bytes of `1M`, `4KiB`, `1.5g`, `512`; null when it is not a size. */
export function parseSize(text: string): number | null {
  const match = SIZE_PATTERN.exec(text.trim())
  if (!match) return null
  const power = SIZE_UNITS.indexOf((match[2] ?? '').toUpperCase() as (typeof SIZE_UNITS)[number])
  const bytes = Number(match[1]) * 1024 ** power
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** Returns the shortest exact notation: 1048576 → `1M`, 1000 → `1000`. {@link parseSize} reads it back. */
export function formatSize(bytes: number): string {
  let value = bytes
  let power = 0
  while (value >= 1024 && value % 1024 === 0 && power < SIZE_UNITS.length - 1) {
    value /= 1024
    power += 1
  }
  return `${value}${SIZE_UNITS[power]}`
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600 }
const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?\s*(?:ms|s|min|m|h)\s*)+$/

/** Returns the seconds of `10m`, `90s`, `1h30m`; null when it is not a duration. A bare number has no unit and is refused. */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase()
  if (!DURATION_PATTERN.test(trimmed)) return null
  let total = 0
  for (const [, value, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)/g)) {
    total += Number(value) * (SECONDS[unit ?? ''] ?? 0)
  }
  return total
}

/** `90s` as 1m30s: whole seconds as a person writes them. */
export function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [Math.round(seconds % 60), 's'],
  ] as const
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('')
}

/** A size option: text outside, bytes inside. `defaultText` is what it is when it is not given. */
export function sizeOption(defaultText: string, description: string) {
  return z
    .codec(
      z
        .string()
        .refine((text) => parseSize(text) !== null, { error: 'is not a size; write 4096, 64K or 1MiB' }),
      z.number(),
      { decode: (text) => parseSize(text) ?? 0, encode: formatSize },
    )
    .prefault(defaultText)
    .describe(description)
}

/** A whole-number option within bounds. */
export function integerOption(defaultValue: number, minimum: number, maximum: number, description: string) {
  const inBounds = (text: string) => /^\d+$/.test(text) && Number(text) >= minimum && Number(text) <= maximum
  return z
    .codec(
      z.string().refine(inBounds, { error: `is not a whole number from ${minimum} to ${maximum}` }),
      z.number(),
      { decode: Number, encode: String },
    )
    .prefault(String(defaultValue))
    .describe(description)
}

/** An option with a fixed set of values. */
export function choiceOption<const T extends readonly [string, ...string[]]>(
  values: T,
  defaultValue: T[number],
  description: string,
) {
  return z
    .enum(values, { error: `is not one of ${values.join(', ')}` })
    .prefault(defaultValue as never)
    .describe(description)
}

/** `on` or `off` outside, a boolean inside. */
export function switchOption(defaultValue: boolean, description: string) {
  return z
    .codec(z.enum(['on', 'off'], { error: 'is neither on nor off' }), z.boolean(), {
      decode: (text) => text === 'on',
      encode: (value) => (value ? ('on' as const) : ('off' as const)),
    })
    .prefault(defaultValue ? 'on' : 'off')
    .describe(description)
}
