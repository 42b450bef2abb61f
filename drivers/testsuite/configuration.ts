import type { Backing, Driver, DriverConfig } from '../../harness/contracts/driver.ts'

/**
 * Returns a driver's configuration from options as text, as they stand in the notation. The backing defaults to the
 * driver's.
 */
export function configure<Options>(
  driver: Driver<Options>,
  backing: Backing = driver.meta.backings[0],
  options: Readonly<Record<string, string>> = {},
): DriverConfig<Options> {
  const suffix = Object.entries(options)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => `+${key}=${value}`)
  return {
    driver: driver.meta.id,
    backing,
    options: driver.meta.options.parse(options),
    text: `${driver.meta.id}@${backing}${suffix.join('')}`,
  }
}
