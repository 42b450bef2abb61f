/** A measuring process that waits in the kernel for a FUSE daemon, and the daemon hangs: no signal ends either of them. */
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '../..')

/**
 * Answers the first request, FUSE_INIT, and takes the next without an answer: linux/fuse.h. A request that the daemon has
 * taken is waited for whatever signal comes: fs/fuse/dev.c, request_wait_answer. Says so by a file beside the mount point.
 */
const DAEMON = `
import { createRequire } from 'node:module'
import { openSync, readSync, writeFileSync, writeSync } from 'node:fs'
const koffi = createRequire('${REPOSITORY}/package.json')('koffi')
const mount = koffi.load('libc.so.6').func('int mount(const char *, const char *, const char *, unsigned long, const char *)')
const fuse = openSync('/dev/fuse', 'r+')
if (mount('hung', process.argv[2], 'fuse', 0, \`fd=\${fuse},rootmode=40000,user_id=0,group_id=0\`) !== 0) process.exit(1)
const request = Buffer.alloc(1 << 18)
readSync(fuse, request)
const answer = Buffer.alloc(80)
answer.writeUInt32LE(80, 0)
answer.writeBigUInt64LE(request.readBigUInt64LE(8), 8)
answer.writeUInt32LE(7, 16)
answer.writeUInt32LE(31, 20)
answer.writeUInt32LE(4096, 40)
writeSync(fuse, answer)
writeSync(1, 'mounted')
readSync(fuse, request)
writeFileSync(process.argv[2] + '.taken', '')
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
`

const MEASURING = `
import { spawn } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
process.send({ type: 'ready' })
process.on('message', ({ type, job }) => {
  if (type !== 'job') return
  const target = join(job.directory, 'hung')
  mkdirSync(target, { recursive: true })
  const daemon = spawn(process.execPath, [process.argv[2], target], { stdio: ['ignore', 'pipe', 'inherit'] })
  daemon.stdout.once('data', () => {
    const trial = { type: 'trial', cell: 'the cell', round: 0, rounds: 1, done: 1, total: 1 }
    process.send(trial, () => statSync(join(target, 'file')))
  })
})
`

/** Writes the programs into a folder; returns the command line of the measuring process. */
export function writeHungFuse(folder: string): string[] {
  const [measuring, daemon] = [join(folder, 'measuring.mjs'), join(folder, 'daemon.mjs')] as const
  writeFileSync(measuring, MEASURING)
  writeFileSync(daemon, DAEMON)
  return [measuring, daemon]
}
