/** Calibration: the cost of the harness, the limits of the raw device and the noise of the host, before any measuring. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import type { Calibration } from '../../contracts/calibration.ts'
import { openDeviceCounters } from '../counters.ts'
import { openResources } from '../resources.ts'
import { deviceLimits } from './device-limits.ts'
import { EFFORTS, type Effort, type Extent } from './effort.ts'
import { harnessCost } from './harness-cost.ts'
import { measureNoise } from './noise.ts'

export interface CalibrationInputs {
  host: Pick<Host, 'syscalls' | 'run'>
  extent: Extent
  /**
   * The block device that a configuration would get, before any file system is made on it; it is overwritten. Null if
   * there is none to overwrite: then the device is not measured, and the noise of the disk is that of `directory`.
   */
  device: { path: string; size: number } | null
  /** An empty folder for files of our own. */
  directory: string
  /** Asked between figures: none takes longer than some seconds. */
  stopping(): boolean
  /** Receives a short description of what is measured now. */
  onStep(text: string): void
  /** How long it may take. Default: what the extent says. */
  effort?: Effort
}

/** Returns null if it was stopped. Throws a BenchError when fio fails. */
export async function calibrate(inputs: CalibrationInputs): Promise<Calibration | null> {
  const { extent, stopping, onStep } = inputs
  const effort = inputs.effort ?? EFFORTS[extent]
  const at = new Date()
  onStep('cost of the harness')
  const harness = await costOf(inputs)
  const device = await limitsOf(inputs, effort)
  if (device === 'stopped' || stopping()) return null
  onStep(`noise of disk and CPU, ${effort.noiseSeconds} s`)
  const path = inputs.device?.path ?? fileIn(inputs.directory)
  const noise = await measureNoise({ path, seconds: effort.noiseSeconds, stopping })
  if (noise === null) return null
  const seconds = (Date.now() - at.getTime()) / 1000
  return { at: at.toISOString(), extent, seconds, harness, device, noise }
}

async function costOf({ host, device }: CalibrationInputs): Promise<Calibration['harness']> {
  const counters = openDeviceCounters(device === null ? [] : [device.path])
  const resources = openResources(host.syscalls, null)
  try {
    const readCounters = () => [resources.ofHost(), counters.read(), resources.ofProcess()]
    return await harnessCost({ syscalls: host.syscalls, readCounters })
  } finally {
    resources.close()
    counters.close()
  }
}

async function limitsOf(
  inputs: CalibrationInputs,
  effort: Effort,
): Promise<Calibration['device'] | 'stopped'> {
  if (inputs.device === null) return null
  const area = { device: inputs.device.path, size: Math.min(inputs.device.size, effort.area) }
  const limits = await deviceLimits({ ...inputs, area, seconds: effort.jobSeconds })
  return limits === null ? 'stopped' : { path: area.device, size: area.size, limits }
}

function fileIn(directory: string): string {
  const path = join(directory, 'noise')
  writeFileSync(path, '')
  return path
}
