/** Calibrates on scratch of its own: the same as a configuration gets, and given back before any of them gets theirs. */
import { BenchError } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Calibration } from '../contracts/calibration.ts'
import { calibrate, type CalibrationInputs } from '../measurement/calibration/calibrate.ts'
import type { ScratchSlots } from './scratch-slot.ts'
import { attach } from './stores.ts'

/** Stands in for a configuration. */
const NAME = 'calibration'

export interface CalibrateScratchInputs extends Omit<CalibrationInputs, 'host' | 'device'> {
  host: Host
  makeScratch(configurations: readonly string[]): Promise<ScratchSlots>
  /** Bytes of the scratch. */
  size: number
}

/**
 * Null when it was told to stop. Calibrating on the first configuration's own scratch would favour it: blocks that were
 * written before are quicker to write again, on most file systems below a loop file and on most disks.
 */
export async function calibrateScratch(inputs: CalibrateScratchInputs): Promise<Calibration | null> {
  const scratch = await inputs.makeScratch([NAME])
  try {
    const slot = scratch.slots[NAME]
    if (slot === undefined)
      throw new BenchError('the calibration was given no scratch', { code: 'runner.no-slot' })
    const { device, loop } = attach(inputs.host, slot)
    try {
      const calibration = await calibrate({ ...inputs, device: { path: device, size: inputs.size } })
      // The number of a loop device says nothing; what it stands on does.
      if (calibration !== null && calibration.device !== null) calibration.device.path = slot.path
      return calibration
    } finally {
      loop?.detach()
    }
  } finally {
    await scratch.release()
  }
}
