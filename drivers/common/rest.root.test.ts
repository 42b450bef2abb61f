/** xfs' log, which no container shows: what is in it and not in place yet is written some time later. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { createScratch } from '../testsuite/scratch.ts'
import { openBacking, type MountedBacking } from './backing.ts'

const FILES = 200
/** Basic blocks (512 bytes) that the record of the log's being empty takes itself. */
const EMPTY = 8

async function openXfs(): Promise<MountedBacking> {
  const host = testHost()
  const scratch = createScratch(host)
  onTestFinished(() => scratch[Symbol.dispose]())
  return openBacking(host, scratch.device, 'xfs', join(scratch.directory, 's'))
}

/** Basic blocks from the oldest change that is not in place to the newest: `cycle:block` of each. */
function inLog({ device }: MountedBacking): number {
  const [head, tail] = ['log_head_lsn', 'log_tail_lsn'].map((name) =>
    readFileSync(`/sys/fs/xfs/${basename(device)}/log/${name}`, 'utf8')
      .trim()
      .split(':')
      .map(Number),
  ) as [[number, number], [number, number]]
  expect(head[0], 'a fresh log has not wrapped around').toBe(tail[0])
  return head[1] - tail[1]
}

function makeFiles({ path }: MountedBacking, name: string): void {
  for (let index = 0; index < FILES; index += 1) writeFileSync(join(path, `${name}-${index}`), 'x')
}

test('an unused xfs is at rest with an empty log', async () => {
  await using backing = await openXfs()
  makeFiles(backing, 'a')
  await backing.settle(false)
  expect(inLog(backing)).toBeGreaterThan(EMPTY)
  await backing.settle(true)
  expect(inLog(backing)).toBeLessThanOrEqual(EMPTY)
})

test('one that somebody writes to is left as it is, and stays writable', async () => {
  await using backing = await openXfs()
  const fd = openSync(join(backing.path, 'open'), 'w')
  makeFiles(backing, 'a')
  await backing.settle(true)
  expect(inLog(backing)).toBeGreaterThan(EMPTY)
  makeFiles(backing, 'b')
  closeSync(fd)
  await backing.settle(true)
  makeFiles(backing, 'c')
})
