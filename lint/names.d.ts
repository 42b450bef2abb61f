/** Names of all drivers. */
export const DRIVERS: readonly string[]
/** Files that may name a driver, which ones, and why. */
export const ALLOWED: Readonly<Record<string, { names: readonly string[]; why: string }>>
export function driversIn(text: string): string[]
