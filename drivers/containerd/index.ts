/**
 * containerd's snapshotters, through the daemon: the Snapshots service of a containerd that bench starts for each store.
 * One adapter serves all; a driver is a row of the table.
 */
import { z } from 'zod'
import type { Driver, DriverConfig } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly } from '../common/space.ts'
import { PROGRAM, startContainerd } from './daemon.ts'
import type { Ground } from './grounds/ground.ts'
import { createRuntime } from './runtime.ts'
import { ContainerdSnapshotter } from './snapshotter.ts'
import { rows, type NoOptions, type Row } from './table.ts'

const HINT = './setup --with-engines installs it; by hand: the package containerd of all distributions'

const noOptions: z.ZodType<NoOptions, Record<string, unknown>> = z.strictObject({})

export const containerd: readonly Driver<NoOptions>[] = rows.map(driverOf)

function driverOf(row: Row): Driver<NoOptions> {
  const { snapshotter, withoutEngine, summary, cowUnit, backings, needs, showcase, limits, spaceNeeded } = row
  const driver: Driver<NoOptions> = {
    meta: {
      id: `${PROGRAM}:${snapshotter}`,
      title: `containerd's ${snapshotter}`,
      summary,
      cowUnit,
      emulated: false,
      role: 'driver',
      engine: { name: PROGRAM, withoutEngine },
      backings,
      needs: {
        hint: HINT,
        ...needs,
        programs: [{ name: PROGRAM, version: '--version' }, ...(needs.programs ?? [])],
      },
      options: noOptions,
      showcase,
      spaceNeeded:
        spaceNeeded ?? ((_config, layers, containers, changed) => changedOnly(layers, containers, changed)),
      ...(limits === undefined ? {} : { limits }),
    },

    probe: (host, config) => probeDriver(host, driver, config, async () => versionOf(host)),

    async open(host, config, scratch) {
      const ground = await row.open(host, config, scratch)
      try {
        return await openSnapshotter(host, config, ground, scratch.directory, row)
      } catch (error) {
        await ground[Symbol.asyncDispose]()
        throw error
      }
    },
  }
  return driver
}

async function openSnapshotter(
  host: Host,
  config: DriverConfig<NoOptions>,
  ground: Ground,
  directory: string,
  { snapshotter, mountType }: Row,
): Promise<ContainerdSnapshotter> {
  const places = { root: `${ground.path}/r`, directory: `${directory}/d` }
  const daemon = await startContainerd(host, { snapshotter, settings: ground.settings }, places)
  try {
    return new ContainerdSnapshotter(ground, daemon, createRuntime(host, daemon, places.directory), {
      snapshotter,
      text: config.text,
      mountType: mountType(config),
      evidence: ground.evidence(daemon),
    })
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
}

async function versionOf(host: Host): Promise<string> {
  const { stdout } = await host.run(PROGRAM, ['--version'])
  return stdout.trim()
}
