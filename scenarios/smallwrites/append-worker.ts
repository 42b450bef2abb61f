/**
 * One of several processes that append at once. Reads its job, says `r`, waits for a byte on standard input, works,
 * says `d`. When its parent dies, standard input ends and so does it.
 */
import { readFileSync, readSync, writeSync } from 'node:fs'
import { messageOf } from '../../harness/contracts/error.ts'
import { appendToAll } from './append-files.ts'
import type { AppendJob } from './append-workers.ts'

try {
  const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AppendJob
  const bytes = Buffer.from(job.bytes, 'base64')
  writeSync(1, 'r')
  if (readSync(0, Buffer.alloc(1)) === 1) {
    appendToAll(job.paths, bytes)
    writeSync(1, 'd')
  }
} catch (error) {
  writeSync(2, messageOf(error))
  process.exitCode = 1
}
