import type { Calibration, DeviceLimit } from '../../../../harness/contracts/calibration.ts'
import { floorOf } from '../../../summary/floors.ts'
import { formatCount, formatDuration, formatPercent, formatValue } from '../../../format/format.ts'
import type { Fact } from './environment.ts'

/** View of a calibration: cost of the harness, limits of the raw device, noise of both. */
export interface CalibrationView {
  intro: string
  harness: readonly Fact[]
  /** Empty where the device was not measured. */
  device: string
  limits: readonly {
    what: string
    block: string
    depth: string
    rate: string
    iops: string
    median: string
    p99: string
  }[]
  noise: readonly { what: string; kind: string; n: string; median: string; variation: string }[]
}

/** Null where the run was not calibrated. */
export function calibrationView(calibration: Calibration | null): CalibrationView | null {
  if (calibration === null) return null
  const { harness, device, noise, extent, seconds, at } = calibration
  const time = (value: number) => formatValue(value, 's')
  const facts: Record<string, string> = {
    'A reading of the clock': time(harness.clock),
    'An empty phase': `${time(harness.phase)}: every phase contains it`,
    'An empty phase with a promise': `${time(harness.verb)}: prepare, mount, unmount and remove contain it`,
    'A system call': `${time(harness.call)} (getpid)`,
    'An empty function': `${time(harness.tinybench.task)} by tinybench, ${time(harness.tinybench.byHand)} in a loop by hand`,
    Floor: `phases under ${time(floorOf(calibration))} are marked “below the floor”: more than a twentieth of them may be the harness`,
  }
  return {
    intro: `Measured before the run, at ${at.slice(11, 16)} UTC, in ${formatDuration(seconds)} (${extent}).`,
    harness: Object.entries(facts).map(([name, value]) => ({ name, value })),
    device:
      device === null
        ? ''
        : `${device.path}, ${formatValue(device.size, 'bytes')}: direct I/O without a file system`,
    limits: device?.limits.map(limitRow) ?? [],
    noise: noise.map(({ operation, kind, n, median, coefficientOfVariation }) => ({
      what: operation,
      kind: { disk: 'disk', cpu: 'CPU' }[kind],
      n: formatCount(n),
      median: time(median),
      variation: formatPercent(coefficientOfVariation),
    })),
  }
}

function limitRow(limit: DeviceLimit): CalibrationView['limits'][number] {
  return {
    what: `${limit.pattern} ${limit.operation}`,
    block: formatValue(limit.blockSize, 'bytes'),
    depth: formatCount(limit.queueDepth),
    rate: formatValue(limit.bytesPerSecond, 'bytes/s'),
    iops: formatValue(Math.round(limit.iops), 'iops'),
    median: formatValue(limit.median, 's'),
    p99: formatValue(limit.p99, 's'),
  }
}
