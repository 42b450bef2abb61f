/** The ground of erofs: as any on a backing, and the images of layers that containerd has mounted below it and leaves mounted. */
import type { DriverConfig, Scratch } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { openBacking } from '../../common/backing.ts'
import { unmountLeft } from '../../common/engine/own-namespaces.ts'
import { erofsEvidence } from '../evidence/erofs-layers.ts'
import type { Ground } from './ground.ts'

export async function onErofsLayers(
  host: Host,
  { backing: type, text }: Pick<DriverConfig, 'backing' | 'text'>,
  scratch: Pick<Scratch, 'device' | 'directory'>,
): Promise<Ground> {
  const backing = await openBacking(host, scratch.device, type, `${scratch.directory}/b`)
  return {
    ...backing,
    holdsSnapshots: true,
    settings: [],
    evidence: () => erofsEvidence(host, backing, text),
    async [Symbol.asyncDispose]() {
      unmountLeft(host, { backing: backing.path })
      await backing[Symbol.asyncDispose]()
    },
  }
}
