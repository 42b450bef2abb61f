/** `bench host attach FLEET`: goes on following a fleet whose controller is gone. */
import { resolve } from 'node:path'
import { findFleet, openFleetFolder } from '../../remote/fleet/fleet-folder.ts'
import { parseRequest, splitHosts } from '../../plan/request.ts'
import type { Context, RunFlags } from '../context.ts'
import { followFleet, patienceOf } from './follow-fleet.ts'
import { jobForHost } from './job-for-host.ts'
import { selectHosts } from './select-hosts.ts'

export interface AttachFlags extends Partial<RunFlags> {
  output?: string
}

/**
 * Follows hosts that were measuring and begins those that had not begun; hosts that are done are unchanged. Returns the
 * worst exit code of all hosts.
 */
export async function attach(fleet: string, flags: AttachFlags, context: Context): Promise<number> {
  using folder = openFleetFolder(resolve(findFleet(fleet, flags.output ?? 'bench-runs')))
  const { hosts: asked, request } = splitHosts(parseRequest(folder.fleet.request, folder.path))
  const { output: _, ...part } = request
  const { hosts } = await selectHosts(asked)
  return await followFleet({
    folder,
    hosts,
    jobFor: (host) => jobForHost(host, folder.plan(), part),
    patience: patienceOf(asked),
    flags: { json: flags.json ?? false, quiet: flags.quiet ?? false },
    context,
  })
}
