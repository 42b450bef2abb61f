/** A reference that is killed leaves its scratch and its folder, as a run does, until `bench clean` takes them away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { clean } from '../../cli/clean.ts'
import { inMountNamespace } from '../../linux/privilege.ts'
import { diskFolder, isRoot, loopFiles } from '../../testing/scratch-file.ts'
import { openFixture } from './fixture.ts'

const LINGER = fileURLToPath(new URL('testing/linger.ts', import.meta.url))

afterEach(() => vi.unstubAllEnvs())

/** Starts it with its state in a folder, and kills it when its store is open. */
async function killed(state: string): Promise<void> {
  const [program, ...args] = inMountNamespace([process.execPath, '--import', 'tsx', LINGER])
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_STATE_HOME: state },
  })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  expect(child.exitCode).toBeNull()
  child.kill('SIGKILL')
  await closed
}

async function cleaned(): Promise<string> {
  const said: string[] = []
  const stream = { write: (text: string) => said.push(text) }
  expect(await clean({ stdout: stream, stderr: stream })).toBe(0)
  return said.join('')
}

test.skipIf(!isRoot)('what a killed reference left is taken away, and only that', async () => {
  using state = diskFolder()
  await killed(state.path)
  const bench = join(state.path, 'bench')
  const [journal = '', ...others] = readdirSync(join(bench, 'journal'))
  expect(others).toEqual([])
  const id = journal.replace('.ndjson', '')
  const left = [join(bench, 'reference', id), join(tmpdir(), `bench-${id}`)]
  expect(left.filter((path) => existsSync(path))).toEqual(left)

  vi.stubEnv('XDG_STATE_HOME', state.path)
  const said = await cleaned()
  for (const path of left) expect(said).toContain(`removed ${path}`)
  expect(left.filter((path) => existsSync(path))).toEqual([])
  expect(loopFiles(bench)).toEqual([])
  expect(await cleaned()).toContain('nothing to clean')
})

test.skipIf(!isRoot)('one that ends in order, or that cannot build its image, leaves nothing', async () => {
  using state = diskFolder()
  vi.stubEnv('XDG_STATE_HOME', state.path)
  const open = (size: string, scratchSize: string) =>
    openFixture(
      {
        driver: ['overlay2@ext4'],
        scenario: ['bigfile'],
        set: { size: [size], image: ['tiny'], depth: ['0'] },
        'scratch-size': scratchSize,
      },
      { drivers, scenarios },
    )
  {
    await using fixture = await open('1M', '64M')
    expect(readdirSync(join(state.path, 'bench/journal'))).toHaveLength(1)
    expect(existsSync(fixture.directory)).toBe(true)
  }
  await expect(open('256M', '64M')).rejects.toThrow('ENOSPC')
  const left = ['journal', 'reference'].flatMap((folder) => readdirSync(join(state.path, 'bench', folder)))
  expect(left).toEqual([])
})
