/** Leftovers of a run: processes, mounts, loop devices, folders, journals. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { mountPointsBelow } from '../../linux/mountinfo.ts'
import { commandLine, parentOf, processIds, startTimeOf } from '../../linux/process.ts'
import { until } from '../../linux/until.ts'
import { loopFiles } from '../../testing/scratch-file.ts'
import type { Place } from './bench.ts'

export interface TreeProcess {
  pid: number
  startTime: number
  command: string
}

/** Returns a process and all below it, as far as they live. */
export function processTree(root: number): TreeProcess[] {
  const parents = new Map<number, number>()
  for (const pid of processIds().map(Number)) {
    const parent = parentOf(pid)
    if (parent !== null) parents.set(pid, parent)
  }
  const tree = [root]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree.flatMap((pid) => {
    const startTime = startTimeOf(pid)
    return startTime === null
      ? []
      : [{ pid, startTime, command: commandLine(pid).replaceAll('\0', ' ').trim() }]
  })
}

/** Waits until something is so; fails with `what` when it takes longer than `seconds`. */
export async function waitFor(what: string, seconds: number, isSo: () => boolean): Promise<void> {
  const error = () => new Error(`after ${seconds} s still not: ${what}`)
  await until(isSo, { every: 20, within: seconds * 1000, error })
}

/** The folder of mount points of a run. */
export const runtimeFolder = (id: string) => join('/run/bench', id.slice(-4))

export const journals = (place: Place) => {
  const folder = join(place.state, 'bench/journal')
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Nothing is left of a run but its folder of results. */
export function expectNothingLeft(place: Place, id: string): void {
  expect(journals(place).filter((name) => name.includes(id))).toEqual([])
  expect(existsSync(join(place.scratch, id))).toBe(false)
  expect(existsSync(runtimeFolder(id))).toBe(false)
  expect(loopFiles(place.path)).toEqual([])
  expect(mountPointsBelow(place.path)).toEqual([])
  expect(mountPointsBelow(runtimeFolder(id))).toEqual([])
}
