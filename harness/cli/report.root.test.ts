import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MountFlag } from '../contracts/syscalls.ts'
import { isRoot, testHost } from '../testing/scratch-file.ts'
import { makePlace, type Place } from './testing/bench.ts'
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

/** Runs `work` while the folder is read-only. */
async function whileReadOnly<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const { syscalls } = testHost()
  syscalls.mount(folder, folder, 'none', MountFlag.bind, '')
  syscalls.mount('', folder, 'none', MountFlag.bind | MountFlag.remount | MountFlag.readOnly, '')
  try {
    return await work()
  } finally {
    syscalls.umount(folder)
  }
}

describe.skipIf(!isRoot)('bench report in a folder that', () => {
  const fleetIn = (place: Place) => {
    const folder = place.at('output/fleet')
    const names = ['one', 'two']
    mkdirSync(join(folder, 'hosts'), { recursive: true })
    for (const [index, name] of names.entries())
      renameSync(runFolder(place, index + 1, 0.01), join(folder, 'hosts', name))
    const hosts = names.map((name) => ({
      name,
      address: name,
      state: 'completed',
      job: name,
      exitCode: 0,
      reason: null,
      hint: null,
      seconds: {},
    }))
    const times = { startedAt: '2026-01-31T14:25:01.000Z', endedAt: '2026-01-31T14:26:01.000Z' }
    const fleet = {
      schema: 1,
      id: 'fleet',
      state: 'completed',
      command: 'bench run',
      request: {},
      hosts,
      ...times,
    }
    writeFileSync(join(folder, 'fleet.json'), JSON.stringify(fleet))
    return folder
  }

  test('is read-only shows a fleet, and says in one line that there is no page', async () => {
    using place = makePlace()
    const folder = fleetIn(place)
    const { code, stdout, stderr } = await whileReadOnly(folder, () => benchHere(place, 'report', folder))
    expect({ code, stdout: stdout.includes('report.html') }).toEqual({ code: 0, stdout: false })
    expect(stdout).toContain('stacker@ext4')
    expect(stderr).toMatch(/^bench: [^\n]+report\.html cannot be written: EROFS[^\n]+\n$/)
  })

  test('is full is refused in one line: exit code 2', async () => {
    using place = makePlace()
    for (const made of [runFolder(place, 3, 0.01), fleetIn(place)]) {
      const small = place.at('small')
      mkdirSync(small, { recursive: true })
      const { syscalls } = testHost()
      syscalls.mount('tmpfs', small, 'tmpfs', 0, 'size=128k')
      try {
        cpSync(made, small, { recursive: true })
        const { code, stdout, stderr } = await benchHere(place, 'report', small)
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toMatch(/^bench: [^\n]+report\.html cannot be written: ENOSPC[^\n]+\n$/)
      } finally {
        syscalls.umount(small)
      }
    }
  })
})
