/**
 * Scratch behind dm-delay: each flush takes longer by a known time, reads and writes do not.
 *
 * A table of dm-delay names a device for each of the three (Documentation/admin-guide/device-mapper/delay.rst). Flushes go
 * to a second loop device of the same file, for the sake of the count. dm-delay does not count them, and at the loop device
 * there are others: block/blk-flush.c makes a flush of each write with FUA, which dm-delay takes for a write.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Host, JournalEntry } from '../contracts/host.ts'
import type { RunOptions } from '../contracts/options.ts'
import { deviceNumber } from '../linux/device-number.ts'
import { DEVICE_FILES, openControl, type DeviceFiles } from '../linux/dm/control.ts'
import { activate, deactivate } from '../linux/dm/device.ts'
import { SECTOR } from '../linux/dm/targets.ts'
import { findMissing } from '../linux/missing.ts'
import { spin, timed } from '../measurement/clock.ts'
import type { DelayedFlushes } from '../measurement/counters.ts'
import { median } from '../statistics/quantile.ts'
import type { ScratchSlot } from './scratch-slot.ts'

const MODULE = 'dm-delay'
const TARGET = 'delay'

/** A scratch device whose flushes are delayed, with what is beneath it. */
export interface DelayedScratch extends DelayedFlushes {
  /** Device for the driver: `/dev/mapper/bench-…-delay`. */
  readonly device: string
  /** The loop device beneath that takes reads and writes. */
  readonly devices: readonly string[]
  /** Removes the device, then those beneath. */
  close(): void
}

/** Returns why flushes cannot be delayed here, or null where they can. Loads the module. */
export async function whyNoFlushDelay(host: Host, files: DeviceFiles = DEVICE_FILES): Promise<string | null> {
  const [missing] = await findMissing(host, { modules: [MODULE], targets: [TARGET] }, files)
  return missing?.reason ?? null
}

/** Throws `inject.no-dm-delay` where the run is to delay flushes and the kernel cannot. */
export async function requireFlushDelay(
  host: Host,
  { injected }: Pick<RunOptions, 'injected'>,
  files?: DeviceFiles,
): Promise<void> {
  if (Object.values(injected).every((one) => typeof one === 'number')) return
  const reason = await whyNoFlushDelay(host, files)
  if (reason === null) return
  throw new BenchError(reason, {
    code: 'inject.no-dm-delay',
    hint: 'boot a kernel with CONFIG_DM_DELAY, or inject a share of the phases instead: --inject CONFIGURATION=5%',
    exitCode: ExitCode.hostNotReady,
  })
}

/** `seconds`: whole milliseconds, the unit of dm-delay. `label`: of the configuration, unique on the host. */
export function openDelayed(
  host: Host,
  slot: ScratchSlot,
  label: string,
  seconds: number,
  files: DeviceFiles = DEVICE_FILES,
): DelayedScratch {
  if (slot.kind !== 'loop') {
    throw new BenchError('flushes are delayed on loop files only', { code: 'inject.device' })
  }
  const name = `${label}-delay`
  const entry: JournalEntry = { kind: 'device-mapper', prefix: name }
  const undo: (() => void)[] = []
  const close = () => {
    for (const step of undo.splice(0).toReversed()) step()
  }
  host.journal.record(entry)
  undo.push(() => host.journal.forget(entry))
  try {
    const attach = () => {
      const loop = host.loops.attach(slot.path, { directIo: true, offset: slot.offset, size: slot.size })
      undo.push(() => loop.detach())
      return loop.device
    }
    const [plain, flushes] = [attach(), attach()]
    const control = openControl(host.syscalls, files)
    undo.push(() => control.close())
    const parameters = `${plain} 0 0 ${plain} 0 0 ${flushes} 0 ${Math.round(seconds * 1000)}`
    const device = activate(control, name, [
      { start: 0, length: slot.size / SECTOR, type: TARGET, parameters },
    ])
    undo.push(() => deactivate(control, device))
    const above = `dm-${deviceNumber(device.dev).minor}`
    return { device: device.node, devices: [plain], flushes, above, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Flushes that are timed at each device. */
const PAIRS = 15
/** The longest tick of a kernel, CONFIG_HZ=100: seconds. */
const LONGEST_TICK = 0.01
/** Its multiples, less their whole part, are spread evenly over 0…1, however many there are. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Returns the seconds that a flush takes longer at the delayed device than beneath it: the median of pairs, one after
 * the other.
 *
 * dm-delay ends a delay at a tick of the kernel (drivers/md/dm-delay.c counts in jiffies), so that the wait depends on
 * when within a tick the flush begins. They begin all over it, as they do in a workload.
 */
export function measureDelay({ device, flushes }: DelayedScratch): number {
  const fds = [openSync(flushes, 'r'), openSync(device, 'r')] as const
  try {
    const longer = Array.from({ length: PAIRS }, (_, index) => {
      const [plain, delayed] = fds.map((fd) => {
        spin(((index * GOLDEN) % 1) * LONGEST_TICK)
        return timed(() => fsyncSync(fd)).seconds
      })
      return Number(delayed) - Number(plain)
    })
    return median(longer) ?? 0
  } finally {
    for (const fd of fds) closeSync(fd)
  }
}
