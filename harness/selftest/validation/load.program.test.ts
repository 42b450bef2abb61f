import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { HANGS, putProgram } from '../../testing/put-program.ts'
import { diskFolder } from '../../testing/scratch-file.ts'
import { startLoad } from './load.ts'

afterEach(() => void vi.unstubAllEnvs())

/** Processes whose file 3 is a deleted file in `folder`: the load's, and only this one's. */
function loadsIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const { stdout } = spawnSync('readlink', [`/proc/${pid}/fd/3`], { encoding: 'utf8' })
    return stdout.startsWith(folder)
  })
}

/** Returns the bytes that a process caused to be written: proc(5), /proc/PID/io. */
function written(pid: string): number {
  const path = `/proc/${pid}/io`
  if (!existsSync(path)) return 0
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
}

test('the load writes while it is on, has no file with a name, and ends with all that it started', async () => {
  using folder = diskFolder()
  const load = await startLoad(folder.path)
  let processes: string[] = []
  try {
    expect(readdirSync(folder.path)).toEqual([])
    let bytes = 0
    for (let tries = 0; bytes === 0 && tries < 100; tries += 1) {
      await wait(100)
      processes = loadsIn(folder.path)
      bytes = Math.max(0, ...processes.map(written))
    }
    expect(bytes).toBeGreaterThan(0)
  } finally {
    await load[Symbol.asyncDispose]()
  }
  for (let tries = 0; processes.some((pid) => existsSync(`/proc/${pid}`)) && tries < 100; tries += 1)
    await wait(20)
  expect(loadsIn(folder.path)).toEqual([])
})

test('a load without setpriv is refused, and leaves no file', async () => {
  using folder = diskFolder()
  vi.stubEnv('PATH', join(folder.path, 'nothing-here'))
  await expect(startLoad(folder.path)).rejects.toMatchObject({
    message: 'setpriv is not installed',
    exitCode: 4,
  })
  expect(readdirSync(folder.path)).toEqual([])
})

test('a load whose setpriv hangs ends with all that it started', async () => {
  using folder = diskFolder()
  const setpriv = putProgram(folder.path, 'setpriv', HANGS)
  const load = await startLoad(folder.path)
  await vi.waitFor(() => expect(setpriv.started()).toHaveLength(2), 10_000)
  await load[Symbol.asyncDispose]()
  await setpriv.expectEnded()
})
