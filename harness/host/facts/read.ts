import { readFileSync } from 'node:fs'

/** The trimmed content of a file of /proc or /sys, or null where there is none or it does not answer. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/** A whole number from a file of /proc or /sys, or null. */
export function readNumber(path: string): number | null {
  const text = readText(path)
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null
}
