import type { Run } from '../../harness/contracts/run.ts'
import { smallRun, smallSample } from './small-run.ts'

/** A driver, the same through an engine, and their control. */
export function engineRun(): Run {
  const run = smallRun(['control', 'driver', 'engine:driver'])
  const cells = run.cells.map((cell) =>
    cell.configuration === 'engine:driver' ? { ...cell, withoutEngine: 'driver|' } : cell,
  )
  return { ...run, cells }
}

/** The engine opens `factor` times as slowly, and syncs as the driver does. */
export function engineSamples(factor: number, warnings: { code: string; message: string }[] = []) {
  return Array.from({ length: 8 }, (_, round) => {
    const scatter = 1 + 0.002 * (round % 3)
    return [
      smallSample('control|', round, { open: 0.001, sync: 0.001 * scatter }),
      smallSample('driver|', round, { open: 0.01 * scatter, sync: 2 }),
      smallSample('engine:driver|', round, { open: factor * 0.01, sync: 2 * scatter }, { warnings }),
    ]
  }).flat()
}
