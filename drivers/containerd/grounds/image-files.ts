/**
 * The ground of blockfile: containerd's root on xfs, and the empty image that each stack begins as a copy of. containerd copies images by
 * copy_file_range(2), which clones them on xfs.
 */
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../../harness/contracts/error.ts'
import type { DriverConfig, Scratch } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { buildOn, openBacking } from '../../common/backing.ts'
import { makeBaseImage } from '../../common/loop/inner.ts'
import { imageEvidence } from '../evidence/image-files.ts'
import type { Ground } from './ground.ts'

const BASE = 'empty'
const SNAPSHOTS = 'blockfile'

export async function onImageFiles(
  host: Host,
  { backing: filesystem }: Pick<DriverConfig, 'backing'>,
  scratch: Scratch,
): Promise<Ground> {
  if (filesystem !== 'ext4' && filesystem !== 'xfs')
    throw new BenchError(`blockfile has no ${filesystem} inside`, { code: 'driver.backing' })
  const outer = await openBacking(host, scratch.device, 'xfs', `${scratch.directory}/b`, { reflink: true })
  return buildOn(outer, async () => {
    const directory = realpathSync(outer.path)
    const base = join(directory, BASE)
    await makeBaseImage(host, base, scratch, filesystem)
    const root = join(directory, SNAPSHOTS)
    mkdirSync(root)
    return {
      ...outer,
      holdsSnapshots: true,
      settings: [
        `root_path = ${JSON.stringify(root)}`,
        `scratch_file = ${JSON.stringify(base)}`,
        `fs_type = ${JSON.stringify(filesystem)}`,
        // Options take the place of the default, which is loop. Every copy has the UUID of the image, and xfs refuses one that is mounted.
        `mount_options = ${JSON.stringify(filesystem === 'xfs' ? ['loop', 'nouuid'] : ['loop'])}`,
      ],
      evidence: () => imageEvidence(host.syscalls, { base, snapshots: join(root, 'snapshots') }),
    }
  })
}
