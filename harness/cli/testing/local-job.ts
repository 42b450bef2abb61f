/** The job that a controller would ask of this machine. */
import type { HostJob } from '../../contracts/job.ts'
import { makePlan } from '../../plan/plan.ts'
import type { Request } from '../../plan/request.ts'
import { rooms } from '../../rooms.ts'
import { fakeRemoteHost } from '../../testing/remote-host.ts'
import { jobForHost } from '../host/job-for-host.ts'

// Loading all of it takes longer than a test may.
const registry = await rooms.registry()

/** `directory`: the bench_directory of this machine. */
export function localJob(directory: string, request: Request): HostJob {
  return jobForHost(fakeRemoteHost({ directory }), makePlan(request, registry), request)
}
