/** How long a calibration may take, and how much of the device it goes over. */
import type { Calibration } from '../../contracts/calibration.ts'

const MIB = 1024 ** 2

export type Extent = Calibration['extent']

export interface Effort {
  /** Bytes of the device that are written once before, and that everything is measured on. */
  area: number
  /** For each of the device's figures. */
  jobSeconds: number
  /** For the noise of disk and CPU together. */
  noiseSeconds: number
}

/** Brief: about fifteen seconds, for every run. Full: about three and a half minutes, for a host that is to be known. */
export const EFFORTS: Readonly<Record<Extent, Effort>> = {
  brief: { area: 256 * MIB, jobSeconds: 0.4, noiseSeconds: 5 },
  full: { area: 2048 * MIB, jobSeconds: 5, noiseSeconds: 120 },
}
