/**
 * The ground of devmapper: containerd's root on an ext4 at the beginning of the scratch, and the pool that it is told of on the rest.
 * It makes thin devices by dmsetup(8), `POOL-snap-1` …; those that it leaves are removed with the pool.
 */
import type { DriverConfig, Scratch } from '../../../harness/contracts/driver.ts'
import type { Host, JournalEntry } from '../../../harness/contracts/host.ts'
import { openControl, type Control } from '../../../harness/linux/dm/control.ts'
import { activate, deactivate, type ActiveDevice } from '../../../harness/linux/dm/device.ts'
import { SECTOR } from '../../../harness/linux/dm/targets.ts'
import { listDevices } from '../../../harness/linux/dm/verbs.ts'
import { openBacking } from '../../common/backing.ts'
import { allocatedInPool } from '../../common/thin/evidence.ts'
import { openPartition } from '../../common/thin/pool-devices.ts'
import { ThinPool } from '../../common/thin/pool.ts'
import { createUndo } from '../../common/undo.ts'
import { thinEvidence } from '../evidence/thin-devices.ts'
import type { Ground } from './ground.ts'

/** Bytes for the daemon's databases: mkfs makes a journal of 4 MiB there. */
const ROOT_BYTES = 128 * 1024 ** 2
/** As the driver devicemapper has it by default. Bytes. */
export const BLOCK_SIZE = 64 * 1024

export async function onThinPool(
  host: Host,
  { backing: filesystem }: Pick<DriverConfig, 'backing'>,
  scratch: Scratch,
): Promise<Ground> {
  const { label, directory } = scratch
  const undo = createUndo()
  // With the hyphen, so that the label bench-…-1 does not mean bench-…-10 as well.
  const entry: JournalEntry = { kind: 'device-mapper', prefix: `${label}-` }
  host.journal.record(entry)
  undo.add(() => host.journal.forget(entry))
  try {
    const control = openControl(host.syscalls)
    undo.add(() => control.close())
    const root = firstPart(control, scratch)
    undo.add(() => deactivate(control, root))
    const backing = await openBacking(host, root.node, 'ext4', `${directory}/b`)
    undo.add(async () => await backing[Symbol.asyncDispose]())
    const devices = await openPartition(control, scratch, BLOCK_SIZE, ROOT_BYTES)
    undo.add(async () => await devices[Symbol.asyncDispose]())
    const name = `${label}-pool`
    const pool = new ThinPool(control, devices, {
      name,
      blockSize: BLOCK_SIZE,
      discardPassdown: false,
      whenFull: 'error',
    })
    undo.add(() => pool.remove())
    undo.add(() => removeSnapshots(control, name))
    return {
      path: backing.path,
      device: scratch.device,
      holdsSnapshots: false,
      settings: [
        `pool_name = ${JSON.stringify(name)}`,
        `root_path = ${JSON.stringify(`${backing.path}/devmapper`)}`,
        `base_image_size = "${pool.virtualSize}b"`,
        `fs_type = ${JSON.stringify(filesystem)}`,
      ],
      sync: () => backing.sync(),
      settle: (unused) => backing.settle(unused),
      used: () => allocatedInPool(pool),
      evidence: () => thinEvidence(host.syscalls, control, pool),
      [Symbol.asyncDispose]: () => undo.run(),
    }
  } catch (error) {
    return await undo.abandon(error)
  }
}

function firstPart(control: Control, { device, label }: Scratch): ActiveDevice {
  const target = { start: 0, length: ROOT_BYTES / SECTOR, type: 'linear', parameters: `${device} 0` }
  return activate(control, `${label}-root`, [target])
}

function removeSnapshots(control: Control, pool: string): void {
  for (const { name, dev } of listDevices(control))
    if (name.startsWith(`${pool}-snap-`))
      deactivate(control, { name, dev, node: `${control.files.mapper}/${name}` })
}
