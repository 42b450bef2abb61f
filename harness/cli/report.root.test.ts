import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makePlace } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'
import { runFolder } from './testing/run-folder.ts'

/** Runs `work` as nobody, who may read what is there and write nothing. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const [user, NOBODY] = [process.geteuid?.() ?? 0, 65534]
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(user)
  }
}

describe('bench report in a folder of another user', () => {
  test('prints the report, and says that there is no page', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    chmodSync(place.path, 0o755)
    for (const form of [[], ['--markdown']]) {
      const { code, stdout, stderr } = await asNobody(() => benchHere(place, 'report', folder, ...form))
      expect(code).toBe(0)
      expect(stdout).toContain('stacker@ext4')
      expect(stdout).not.toContain('report.html')
      expect(stderr).toMatch(
        /^bench: .*report\.html cannot be written: EACCES[^\n]*: it is shown here alone\n$/,
      )
    }
    expect(existsSync(join(folder, 'report.html'))).toBe(false)
  })

  test('that cannot be read either is refused in one line: exit code 2', async () => {
    using place = makePlace()
    const folder = runFolder(place, 1, 0.01)
    chmodSync(place.path, 0o755)
    chmodSync(folder, 0o700)
    const { code, stdout, stderr } = await asNobody(() => benchHere(place, 'report', folder))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^bench: .*run\.json[^\n]*EACCES[^\n]*\n$/)
  })
})
