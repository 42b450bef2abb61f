/** Loaded before `bench`: the process gets the signal BENCH_TEST_SIGNAL when it has removed the journal of its run. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { rmSync } = fs
fs.rmSync = (path, options) => {
  rmSync(path, options)
  if (/\/journal\/[^/]+\.ndjson$/.test(String(path))) process.kill(process.pid, process.env.BENCH_TEST_SIGNAL)
}
syncBuiltinESMExports()
