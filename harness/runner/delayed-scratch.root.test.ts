/** A delayed scratch on a kernel that has dm-delay: where this one has not, in a machine of the lab (testing/lab/device-mapper.lab.test.ts). */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { undoEntry } from '../journal/undo.ts'
import { mappedDevices } from '../linux/sysfs.ts'
import { timed } from '../measurement/clock.ts'
import { difference, openDeviceCounters } from '../measurement/counters.ts'
import { median } from '../statistics/quantile.ts'
import { REQUIRE_SUPPORT } from '../testing/lab/require-support.ts'
import { allocateFile, diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'
import { measureDelay, openDelayed, whyNoFlushDelay, type DelayedScratch } from './flush-delay.ts'

const SIZE = 64 * MIB
/** Seconds: three ticks of the slowest kernel. */
const DELAY = 0.03
/** Ends at a tick, of which it may have no part of the first: linux/jiffies.h, and the slowest kernel's tick. */
const LEAST = DELAY - 0.01

const missing = isRoot ? await whyNoFlushDelay(testHost()) : null
/** In a machine that is there for this, a kernel without it is a failure. */
const isExpected = missing !== null && process.env[REQUIRE_SUPPORT] === undefined

interface Opened {
  host: Host
  scratch: DelayedScratch
  folder: string
  label: string
  /** What is in the journal and not forgotten. */
  open: Set<string>
}

function delayed(): Opened {
  const folder = diskFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const open = new Set<string>()
  const journal = {
    record: (entry: JournalEntry) => void open.add(JSON.stringify(entry)),
    forget: (entry: JournalEntry) => void open.delete(JSON.stringify(entry)),
  }
  const host = { ...testHost(), journal }
  const path = allocateFile(host, folder.path, 'scratch', SIZE)
  const label = `bench-test-${process.pid}-${open.size}`
  const scratch = openDelayed(host, { kind: 'loop', path, offset: 0, size: SIZE }, label, DELAY)
  return { host, scratch, folder: folder.path, label, open }
}

/** Returns the seconds that each of a few flushes of a device takes. */
function flush(device: string, times: number): number[] {
  const fd = openSync(device, 'r')
  try {
    return Array.from({ length: times }, () => timed(() => fsyncSync(fd)).seconds)
  } finally {
    closeSync(fd)
  }
}

if (isExpected) {
  test('this kernel cannot delay flushes, and says what it lacks', () => {
    expect(missing).toMatch(/device mapper/)
  })
} else describe.skipIf(!isRoot)('a delayed scratch', suite)

function suite(): void {
  test('takes longer for a flush, and tells by how much; reads and writes are as they were', () => {
    const { scratch } = delayed()
    try {
      const plain = median(flush(scratch.flushes, 5)) ?? 0
      const counters = openDeviceCounters(scratch.devices, scratch)
      onTestFinished(() => counters.close())
      const before = counters.read()
      const slow = flush(scratch.device, 5)
      expect(difference(counters.read(), before)).toMatchObject({ writes: 0, flushes: 5, delayedFlushes: 5 })
      for (const seconds of slow) expect(seconds).toBeGreaterThanOrEqual(LEAST)
      const measured = measureDelay(scratch)
      expect(measured).toBeGreaterThan(LEAST / 2)
      // A busy machine may hold up each of them, but not most of them by as much again.
      expect(measured).toBeLessThan(4 * ((median(slow) ?? 0) + plain))
    } finally {
      scratch.close()
    }
  })

  test('counts what reaches the scratch, and of the flushes those that were delayed', async () => {
    const { host, scratch, folder } = delayed()
    try {
      await host.run('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', scratch.device])
      const target = join(folder, 'mnt')
      mkdirSync(target)
      await host.mount([{ type: 'ext4', source: scratch.device, options: ['noatime'] }], target)
      const counters = openDeviceCounters(scratch.devices, scratch)
      try {
        const fd = openSync(join(target, 'file'), 'w')
        fsyncSync(fd)
        const before = counters.read()
        writeSync(fd, Buffer.alloc(MIB, 1))
        const { seconds } = timed(() => fsyncSync(fd))
        closeSync(fd)
        const io = difference(counters.read(), before)
        expect(io.bytesWritten).toBeGreaterThanOrEqual(MIB)
        // The block with which ext4 commits is flushed before and after; what comes after is a write to dm-delay.
        expect(io).toMatchObject({ flushes: 2, delayedFlushes: 1 })
        expect(seconds).toBeGreaterThanOrEqual(LEAST)
        expect(counters.inFlight()).toBe(0)
      } finally {
        counters.close()
        await host.unmount(target)
      }
    } finally {
      scratch.close()
    }
  })

  test('leaves nothing when it is closed', () => {
    const { scratch, folder, label, open } = delayed()
    expect(mappedDevices()).toContain(`${label}-delay`)
    expect(loopFiles(folder)).toHaveLength(2)
    scratch.close()
    expect(mappedDevices()).not.toContain(`${label}-delay`)
    expect(loopFiles(folder)).toEqual([])
    expect([...open]).toEqual([])
  })

  test('that nobody closed is removed by its journal', async () => {
    const { host, label, open, scratch } = delayed()
    const [entry] = [...open].map((each) => JSON.parse(each) as JournalEntry)
    expect(open.size).toBe(1)
    const origin = { run: '20260131-142501-k3x9', sameBoot: true }
    expect(await undoEntry(host, entry as JournalEntry, origin)).toMatchObject({
      done: `removed ${label}-delay`,
      error: null,
    })
    expect(mappedDevices()).not.toContain(`${label}-delay`)
    // What is beneath goes with the process that made it: here this one, which finds that the device is gone.
    expect(() => scratch.close()).toThrow('ENXIO')
  })
}
