/** `bench run --host`: the plan goes out to hosts, is measured there, and comes home. */
import { isAbsolute, resolve } from 'node:path'
import { usageError } from '../contracts/error.ts'
import { FLEET_SCHEMA_VERSION, type Fleet } from '../contracts/fleet.ts'
import type { RemoteHost } from '../contracts/remote-host.ts'
import { createFleetFolder } from '../remote/fleet/fleet-folder.ts'
import { hostRequest } from '../remote/fleet/host-request.ts'
import { jobOf } from '../remote/fleet/take-to-fleet.ts'
import { makePlan } from '../plan/plan.ts'
import { outputDirectory, splitHosts, type Request } from '../plan/request.ts'
import { makeRunId } from '../results/run-folder.ts'
import { placeOf } from '../remote/ssh/words.ts'
import type { Context } from './context.ts'
import { followFleet, patienceOf } from './host/follow-fleet.ts'
import { selectHosts } from './host/select-hosts.ts'
import type { RunFlags } from './run.ts'

/** Returns the gravest exit code of the hosts. Throws for what is wrong with the request before anything is sent. */
export async function runOnHosts(given: Request, flags: RunFlags, context: Context): Promise<number> {
  const request = withAbsolutePaths(given)
  const { hosts: asked, request: onHosts } = splitHosts(request)
  const patience = patienceOf(asked)
  const { hosts } = await selectHosts(asked)
  const { output, ...part } = onHosts
  await checkPlans(hosts, part, context)
  using folder = createFleetFolder(outputDirectory({ output }), newFleet(request, hosts))
  return await followFleet({ folder, hosts, request: part, patience, flags, context })
}

/** Whoever attaches to the fleet later may stand elsewhere. */
function withAbsolutePaths(request: Request): Request {
  const { inventory } = request
  return inventory === undefined ? request : { ...request, inventory: resolve(inventory) }
}

/** Every host makes the plan itself. What is wrong with it is said here, before anything is sent. */
async function checkPlans(hosts: readonly RemoteHost[], request: Request, context: Context): Promise<void> {
  for (const key of ['scratch', 'device'] as const) {
    const path = request[key]
    if (path === undefined || isAbsolute(path)) continue
    throw usageError(
      'relative-path',
      `--${key} ${path} is relative`,
      'on hosts, give a path that begins with /',
    )
  }
  const registry = await context.registry()
  for (const host of hosts) makePlan(hostRequest(host, request), registry)
}

function newFleet(request: Request, hosts: readonly RemoteHost[]): Fleet {
  const now = new Date()
  const id = makeRunId(now, Math.random)
  return {
    schema: FLEET_SCHEMA_VERSION,
    id,
    state: 'running',
    startedAt: now.toISOString(),
    endedAt: null,
    command: ['bench', ...process.argv.slice(2)].join(' '),
    request,
    hosts: hosts.map((host) => ({
      name: host.name,
      address: placeOf(host),
      state: 'pending',
      job: jobOf(id, host.name),
      exitCode: null,
      reason: null,
      hint: null,
      seconds: {},
    })),
  }
}
