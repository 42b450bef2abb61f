import { openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskFolder, isRoot } from '../testing/scratch-file.ts'
import { startMeasuring } from './child-process.ts'
import type { FromChild } from './messages.ts'

/** Says which commands it sees in its own /proc and in the one that it was handed. */
const PROGRAM = `
  const { readdirSync, readFileSync } = require('node:fs')
  const names = (proc) => readdirSync(proc)
    .filter((pid) => /^[0-9]+$/.test(pid))
    .map((pid) => { try { return readFileSync(proc + '/' + pid + '/comm', 'utf8').trim() } catch { return '' } })
  const own = names('/proc')
  const host = names('/proc/self/fd/' + process.env.BENCH_HOST_PROC)
  process.send({ type: 'seen', pid: process.pid, own, host }, () => process.exit(0))
`

test.skipIf(!isRoot)(
  'the measuring process sees itself alone, and the host by the /proc it is handed',
  async () => {
    const seen: unknown[] = []
    using folder = diskFolder()
    const lock = openSync(join(folder.path, 'lock'), 'w')
    const journal = { run: '20260131-142501-k3x9', lock }
    const measuring = startMeasuring(['-e', PROGRAM], journal, (message: FromChild) => seen.push(message))
    expect(await measuring.ended).toMatchObject({ code: 0 })
    expect(seen).toEqual([
      {
        type: 'seen',
        pid: 1,
        own: ['node'],
        host: expect.arrayContaining(['kthreadd', 'node']),
      },
    ])
  },
)
