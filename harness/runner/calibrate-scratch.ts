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
 * Returns null if it was stopped. Uses its own scratch: calibrating on the scratch of one configuration would favour it,
 * since most file systems below a loop file and most disks write blocks faster that were written before.
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
