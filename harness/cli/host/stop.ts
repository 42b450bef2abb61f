/** `bench host stop NAME…`: asks running jobs on hosts to stop cleanly, no matter who started them. */
import { ExitCode } from '../../contracts/error.ts'
import { makeBundle } from '../../remote/fleet/bundle.ts'
import { installBundle } from '../../remote/fleet/install-bundle.ts'
import { listJobs, stopJob } from '../../remote/fleet/remote-job.ts'
import { connectTo } from '../../remote/ssh/connection.ts'
import type { Context } from '../context.ts'
import { selectHosts } from './select-hosts.ts'

export async function stop(names: readonly string[], context: Context): Promise<number> {
  const { hosts } = await selectHosts({ host: [...names] })
  const bundle = await makeBundle()
  for (const host of hosts) {
    await using connection = connectTo(host)
    await installBundle(connection, bundle)
    const going = (await listJobs(connection, bundle)).filter(({ state }) => state === 'running')
    for (const { id } of going) await stopJob(connection, bundle, id)
    const done =
      going.length === 0 ? 'nothing goes on' : `asked ${going.map(({ id }) => id).join(', ')} to stop`
    context.stdout.write(`${host.name}: ${done}\n`)
  }
  return ExitCode.done
}
