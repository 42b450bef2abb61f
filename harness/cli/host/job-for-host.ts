/** The job of each host of a fleet: the plan on the scratch of that host. */
import { isAbsolute } from 'node:path'
import { usageError } from '../../contracts/error.ts'
import type { HostJob } from '../../contracts/job.ts'
import type { Plan } from '../../contracts/plan.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { stateDirectory, scratchDirectory } from '../../linux/xdg.ts'
import { commandLineOf, type Request } from '../../plan/request.ts'
import { placePlan } from '../../plan/scratch.ts'
import { stateHome } from '../../remote/job/job-folder.ts'

/**
 * Returns what a host is asked to measure: the plan, on the scratch that the request names, else on that of its inventory,
 * else in the state directory of the host's jobs. Throws a usage error where the plan cannot be measured there.
 */
export function jobForHost(host: RemoteHost, plan: Plan, request: Request): HostJob {
  const placed = onInventory(host, request)
  requireAbsolute(host, request)
  const folder = scratchDirectory(stateDirectory(stateHome(host.directory)))
  return { command: commandLineOf(placed), plan: placePlan(plan, placed, folder) }
}

/** Returns the request for a host: it uses the inventory's scratch unless the options of the run say otherwise. */
function onInventory({ scratch, device, destroy }: RemoteHost, request: Request): Request {
  if (request.scratch !== undefined || request.device !== undefined) return request
  if (device !== null) return { ...request, device, ...(destroy === null ? {} : { destroy }) }
  return scratch === null ? request : { ...request, scratch }
}

/** A relative path would be one of the controller. */
function requireAbsolute(host: RemoteHost, request: Request): void {
  for (const key of ['scratch', 'device'] as const) {
    const [given, own] = [request[key], host[key]]
    const named = given === undefined ? `bench_${key} ${own} of host ${host.name}` : `--${key} ${given}`
    if (isAbsolute(given ?? own ?? '/')) continue
    throw usageError('relative-path', `${named} is relative`, 'on hosts, give a path that begins with /')
  }
}
