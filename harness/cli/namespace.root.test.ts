/** unshare(1), under which commands that mount run again, may be broken: one line says so, and nothing of it is left. */
import { afterEach, expect, test, vi } from 'vitest'
import { HANGS, IGNORES_SIGNALS, putProgram } from '../testing/put-program.ts'
import { reexecInMountNamespace } from './namespace.ts'
import { makePlace } from './testing/bench.ts'

const UNSHARE = 'unshare --mount --propagation private true'

afterEach(() => void vi.unstubAllEnvs())

test.each([
  ['hangs', HANGS, `${UNSHARE} did not end within 1 s`],
  ['hangs and ignores signals', IGNORES_SIGNALS, `${UNSHARE} did not end within 1 s`],
  ['fails', 'echo no rights >&2; exit 1', `${UNSHARE} ended with 1: no rights`],
])('an unshare that %s: the host is not ready', async (_, script, message) => {
  using place = makePlace()
  const unshare = putProgram(place.at('programs'), 'unshare', script)
  await expect(reexecInMountNamespace({ program: ['--version'] }, 1)).rejects.toMatchObject({
    message,
    exitCode: 4,
  })
  expect(unshare.started()).not.toEqual([])
  await unshare.expectEnded()
})
