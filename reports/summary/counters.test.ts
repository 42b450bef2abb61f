import { describe, expect, it } from 'vitest'
import type { Resources, Sample } from '../../harness/contracts/sample.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { summarize } from './summarize.ts'

const taken: Resources = {
  userSeconds: 1,
  systemSeconds: 2,
  childUserSeconds: 4,
  childSystemSeconds: 8,
  kernelSeconds: 0.5,
  voluntarySwitches: 30,
  involuntarySwitches: 7,
  ioPressureSome: 0.25,
  ioPressureFull: 0.125,
  stealSeconds: null,
}

function countersOf(rests: readonly Partial<Sample>[]) {
  const samples = rests.map((rest, round) => smallSample('control|', round, { open: 1, sync: 1 }, rest))
  return summarize(smallRun(['control']), samples).cells[0]?.counters
}

describe('counters', () => {
  it('are medians, and exact where every sample has the very number', () => {
    const io = (bytesWritten: number) => ({
      total: { bytesRead: 0, bytesWritten, reads: 0, writes: 3, flushes: 2 },
    })
    const counters = countersOf([{ io: io(10) }, { io: io(30) }, { io: io(20) }])
    expect(counters?.bytesWritten).toEqual({ median: 20, exact: false })
    expect(counters?.writes).toEqual({ median: 3, exact: true })
    expect(countersOf([{ io: io(10) }])?.writes).toEqual({ median: 3, exact: false })
  })

  it('add up what the process and its children took', () => {
    const counters = countersOf([{ resources: { total: taken, open: { ...taken, userSeconds: 100 } } }])
    expect(counters).toMatchObject({
      processorSeconds: { median: 15 },
      kernelSeconds: { median: 0.5 },
      contextSwitches: { median: 37 },
      ioPressure: { median: 0.25 },
      stealSeconds: null,
    })
  })

  it('are not known of samples that do not have them', () => {
    expect(Object.values(countersOf([{}]) ?? {})).toEqual(Array.from({ length: 14 }, () => null))
  })
})
