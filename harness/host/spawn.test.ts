import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskFolder } from '../testing/scratch-file.ts'
import { spawnProcess } from './spawn.ts'

/** Returns the exit code of a shell command, and its output. */
async function shell(command: string, cwd: string | null = null, env: Record<string, string> = {}) {
  using folder = diskFolder()
  const file = join(folder.path, 'out')
  const output = openSync(file, 'w')
  try {
    const inputs = { program: '/bin/sh', args: ['-c', command], cwd, env, stdout: output, stderr: output }
    const { exitCode } = await spawnProcess(inputs).exited
    return { exitCode, said: readFileSync(file, 'utf8') }
  } finally {
    closeSync(output)
  }
}

describe('a process', () => {
  test('has its arguments, its folder, its environment and nothing to read', async () => {
    const said = await shell('pwd; echo $NAME; cat', '/proc', { NAME: 'a value', PATH: '/bin:/usr/bin' })
    expect(said).toEqual({ exitCode: 0, said: '/proc\na value\n' })
  })

  test('ends with its code, or by a signal', async () => {
    expect((await shell('exit 3')).exitCode).toBe(3)
    expect((await shell('kill -KILL $$')).exitCode).toBe(-1)
  })

  test('is ended by a broken pipe: what Node ignores, it does not', async () => {
    expect((await shell('kill -PIPE $$; echo still here')).said).toBe('')
  })

  test('inherits no descriptor but its three', async () => {
    const { said } = await shell('ls /proc/$$/fd', null, { PATH: '/bin:/usr/bin' })
    // A shell may keep its script at a high one; what was open here has low numbers.
    const low = said
      .trim()
      .split('\n')
      .map(Number)
      .filter((fd) => fd < 10)
    expect(low).toEqual([0, 1, 2])
  })

  test('is heard of however many end at once', async () => {
    const codes = await Promise.all(Array.from({ length: 40 }, async (_, code) => shell(`exit ${code}`)))
    expect(codes.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 40 }, (_, code) => code))
  })

  test('that is not there cannot be started', () => {
    const inputs = { program: '/nowhere', args: [], cwd: null, env: {}, stdout: 1, stderr: 2 }
    expect(() => spawnProcess(inputs)).toThrow('ENOENT')
  })
})
