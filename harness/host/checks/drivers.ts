/** Checks the needs of each driver and of each backing. They come from the drivers' `meta`; none is named here. */
import type { Backing, DriverMeta } from '../../contracts/driver.ts'
import type { Host } from '../../contracts/host.ts'
import type { Needs, Unsupported } from '../../contracts/needs.ts'
import { BACKING_NEEDS } from '../../linux/needs.ts'
import { findMissing } from '../../linux/missing.ts'
import { missing, ok, type Check, type Subject } from './check.ts'

/** Part of a driver's `meta` that states its needs. */
export type NeedyDriver = Pick<DriverMeta, 'id' | 'role' | 'backings' | 'needs'>

/** Returns a check for each backing, for each driver, and for each option that needs more than its driver does. */
export async function checkDrivers(host: Host, drivers: readonly NeedyDriver[]): Promise<Check[]> {
  const checks: Check[] = []
  const ready = new Set<Backing>()
  for (const backing of new Set(drivers.flatMap(({ backings }) => backings))) {
    const check = await checkBacking(host, backing, drivers)
    if (check.state === 'ok') ready.add(backing)
    checks.push(check)
  }
  for (const driver of drivers) checks.push(...(await checkDriver(host, driver, ready)))
  return checks
}

async function checkBacking(host: Host, backing: Backing, drivers: readonly NeedyDriver[]): Promise<Check> {
  const subject = {
    id: `backing.${backing}`,
    title: `backing ${backing}`,
    // The scratch of the control is of it unless another is asked for, and nothing is measured without a control.
    needed: drivers.some(({ role, backings }) => role === 'control' && backings[0] === backing),
  }
  const needs = BACKING_NEEDS[backing]
  const lacking = await findMissing(host, needs)
  if (lacking.length === 0) return ok(subject, describe(needs))
  const users = drivers.filter(({ backings }) => backings.includes(backing))
  const lost = users.map(({ id, backings }) => (backings.length === 1 ? id : `${id}@${backing}`))
  return missingAll(subject, lacking, `; without it: no ${lost.join(', ')}`)
}

async function checkDriver(
  host: Host,
  { id, needs, backings }: NeedyDriver,
  ready: ReadonlySet<Backing>,
): Promise<Check[]> {
  const subject = { id: `driver.${id}`, title: `driver ${id}` }
  const lacking = needs.never === undefined ? await findMissing(host, needs) : [needs.never]
  if (lacking.length > 0) return [missingAll(subject, lacking)]
  const usable = backings.filter((backing) => ready.has(backing))
  if (usable.length === 0) {
    const without = `none of its backings is here: ${backings.join(', ')}`
    return [missing(subject, without, `see backing ${backings[0]}`)]
  }
  const checks = [ok(subject, [describe(needs), `on ${usable.join(', ')}`].filter(Boolean).join('; '))]
  for (const [option, more] of Object.entries(needs.options ?? {})) {
    const optional = { id: `${subject.id}+${option}`, title: `${subject.title}+${option}` }
    const absent = await findMissing(host, more)
    checks.push(absent.length === 0 ? ok(optional, describe(more)) : missingAll(optional, absent))
  }
  return checks
}

function missingAll(subject: Subject, lacking: readonly Unsupported[], loss = ''): Check {
  const hints = new Set(lacking.map(({ hint }) => hint))
  return missing(subject, lacking.map(({ reason }) => reason).join('; '), `${[...hints].join('; ')}${loss}`)
}

/** Names what was found. */
function describe({ filesystems = [], targets = [], programs = [] }: Needs): string {
  return [...filesystems, ...targets, ...programs.map(({ name }) => name)].join(', ')
}
