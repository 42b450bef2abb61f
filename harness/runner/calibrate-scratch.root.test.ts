import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calibrationSchema } from '../contracts/calibration.ts'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { calibrateScratch, type CalibrateScratchInputs } from './calibrate-scratch.ts'
import { openScratch } from './scratch.ts'

const SIZE = 16 * MIB
const effort = { area: 8 * MIB, jobSeconds: 0.05, noiseSeconds: 0.05 }

/** This machine; `open`: what is in the journal and not forgotten. */
function journalling(): { host: Host; open: Set<string> } {
  const open = new Set<string>()
  const journal = {
    record: (entry: JournalEntry) => void open.add(JSON.stringify(entry)),
    forget: (entry: JournalEntry) => void open.delete(JSON.stringify(entry)),
  }
  return { host: { ...testHost(), journal }, open }
}

function inputs(
  host: Host,
  path: string,
  changes: Partial<CalibrateScratchInputs> = {},
): CalibrateScratchInputs {
  const scratch = { kind: 'loop', path, size: SIZE } as const
  return {
    host,
    extent: 'brief',
    makeScratch: (drivers) => openScratch(host, scratch, 'run-1', drivers),
    size: SIZE,
    directory: path,
    stopping: () => false,
    onStep: () => undefined,
    effort,
    ...changes,
  }
}

describe.skipIf(!isRoot)('a calibration on scratch of its own', () => {
  test('tells what the disk under it does, and leaves nothing', async () => {
    using folder = diskFolder()
    const { host, open } = journalling()
    const calibration = await calibrateScratch(inputs(host, folder.path))
    expect(calibrationSchema.parse(calibration)).toEqual(calibration)
    expect(calibration?.device).toMatchObject({ path: join(folder.path, 'run-1/0.img'), size: effort.area })
    const limits = calibration?.device?.limits ?? []
    expect(limits).toHaveLength(14)
    for (const { bytesPerSecond, iops, blockSize } of limits) {
      expect(bytesPerSecond).toBeGreaterThan(0)
      // fio counts both by itself; over a few milliseconds they differ by a little.
      expect(bytesPerSecond / blockSize / iops).toBeGreaterThan(0.5)
      expect(bytesPerSecond / blockSize / iops).toBeLessThan(2)
    }
    expect(loopFiles(folder.path)).toEqual([])
    expect(readdirSync(folder.path).filter((name) => name.startsWith('run'))).toEqual([])
    expect([...open]).toEqual([])
  })

  test('that is asked to stop gives everything back', async () => {
    using folder = diskFolder()
    const { host, open } = journalling()
    expect(await calibrateScratch(inputs(host, folder.path, { stopping: () => true }))).toBeNull()
    expect(loopFiles(folder.path)).toEqual([])
    expect([...open]).toEqual([])
  })

  test('that fails gives everything back too', async () => {
    using folder = diskFolder()
    const { host, open } = journalling()
    const without = { ...host, run: () => testHost().run('bench-has-no-such-program', []) }
    expect(await benchErrorOfAsync(calibrateScratch(inputs(without, folder.path)))).toMatchObject({
      code: 'host.no-program',
      exitCode: 4,
    })
    expect(loopFiles(folder.path)).toEqual([])
    expect([...open]).toEqual([])
  })
})
