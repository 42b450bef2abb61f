/** `bench run --host`: the plan goes out to hosts, is measured there, and comes home. */
import { resolve } from 'node:path'
import { FLEET_SCHEMA_VERSION, type Fleet } from '../contracts/fleet.ts'
import type { RemoteHost } from '../contracts/remote-host.ts'
import { createFleetFolder } from '../remote/fleet/fleet-folder.ts'
import { jobOf } from '../remote/fleet/run-on-fleet.ts'
import { makePlan } from '../plan/plan.ts'
import { outputDirectory, splitHosts, type Request } from '../plan/request.ts'
import { makeRunId } from '../results/run-folder.ts'
import { destinationOf } from '../remote/ssh/ssh-args.ts'
import type { Context, RunFlags } from './context.ts'
import { followFleet, patienceOf } from './host/follow-fleet.ts'
import { jobForHost } from './host/job-for-host.ts'
import { selectHosts } from './host/select-hosts.ts'
import { refuseImage } from './own-image.ts'

/** Returns the worst exit code of the hosts. Throws for what is wrong with the request before anything is sent. */
export async function runOnHosts(given: Request, flags: RunFlags, context: Context): Promise<number> {
  refuseImage(given)
  const request = withAbsolutePaths(given)
  const { hosts: asked, request: onHosts } = splitHosts(request)
  const patience = patienceOf(asked)
  const { hosts } = await selectHosts(asked)
  const { output, ...part } = onHosts
  const plan = makePlan(part, await context.registry())
  const jobFor = (host: RemoteHost) => jobForHost(host, plan, part)
  hosts.forEach(jobFor)
  using folder = createFleetFolder(outputDirectory({ output }), newFleet(request, hosts), plan)
  return await followFleet({ folder, hosts, jobFor, patience, flags, context })
}

/** Makes paths absolute: a later `bench host attach` may run in another folder. */
function withAbsolutePaths(request: Request): Request {
  const { inventory } = request
  return inventory === undefined ? request : { ...request, inventory: resolve(inventory) }
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
      address: destinationOf(host),
      state: 'pending',
      job: jobOf(id, host.name),
      exitCode: null,
      reason: null,
      hint: null,
      seconds: {},
    })),
  }
}
