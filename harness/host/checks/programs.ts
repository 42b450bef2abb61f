import type { Host } from '../../contracts/host.ts'
import { setUpCommand } from '../../linux/package.ts'
import { versionOf } from '../facts/tools.ts'
import { missing, ok, SET_UP, type Check } from './check.ts'

export async function checkFio(host: Host): Promise<Check> {
  const subject = { id: 'fio', title: 'fio', needed: true }
  if (host.which('fio') === null) return missing(subject, 'not installed', SET_UP)
  const version = await versionOf(host, 'fio')
  if (version === null)
    return missing(subject, 'installed, and does not run', `install it again: ${setUpCommand()}`)
  return ok(subject, version)
}
