/** Another process that keeps a file in the page cache: what is mapped cannot be dropped. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'

/** asm-generic/mman-common.h: PROT_READ, MAP_SHARED, MAP_POPULATE. */
const PROGRAM = `
  const { fstatSync, openSync } = require('node:fs')
  const koffi = require(process.argv[1])
  const mmap = koffi.load('libc.so.6').func('void *mmap(void *, size_t, int, int, int, int64_t)')
  const fd = openSync(process.argv[2])
  mmap(null, fstatSync(fd).size, 1, 0x8001, fd, 0)
  console.log('held')
  setInterval(() => undefined, 1e6)
`

/** Resolves when every page of the file is there. Disposing it ends the process. */
export async function hold(path: string): Promise<AsyncDisposable> {
  const koffi = createRequire(import.meta.url).resolve('koffi')
  const child = spawn(process.execPath, ['-e', PROGRAM, koffi, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  if (child.exitCode !== null) throw new Error(`${path} could not be held`)
  return {
    async [Symbol.asyncDispose]() {
      child.kill()
      await closed
    },
  }
}
