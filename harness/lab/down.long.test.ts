/** Seconds of each are those that a process is given to end when it is asked to. */
import { existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isAlive } from '../linux/process.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { down } from './down.ts'
import { labFolders, type LabFolders } from './folders.ts'
import { processesOf, startDetached } from './processes.ts'
import { recordOf } from './testing/record.ts'
import { createVmFolder, listVms } from './vm-record.ts'

let place: ReturnType<typeof diskFolder>
let folders: LabFolders

beforeEach(() => {
  place = diskFolder()
  folders = labFolders(join(place.path, 'a lab'))
})
afterEach(() => place[Symbol.dispose]())

test('taking down ends what runs for the machine, written down or not, and nothing else', async () => {
  const folder = createVmFolder(folders, recordOf('web'))
  const other = createVmFolder(folders, recordOf('web-2'))
  const output = openSync('/dev/null', 'w')
  // Does not end when it is asked to.
  const deaf = { program: 'sh', args: ['-c', 'trap "" TERM; while :; do sleep 0.1; done'], output }
  const mine = await startDetached({ ...deaf, folder })
  const theirs = await startDetached({ program: 'sleep', args: ['60'], output, folder: other })
  // Its environment can be read a moment after it was started.
  await vi.waitFor(() => expect(processesOf(folder)).toContainEqual(mine), 60_000)
  await down(
    folders,
    listVms(folders).filter(({ name }) => name === 'web'),
  )
  expect(isAlive(mine)).toBe(false)
  expect(existsSync(folder)).toBe(false)
  expect(isAlive(theirs)).toBe(true)
  await down(folders, listVms(folders))
  expect(isAlive(theirs)).toBe(false)
  expect(listVms(folders)).toEqual([])
})
