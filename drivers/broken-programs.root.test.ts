/** A program that is missing makes a driver unsupported; one that is there and broken makes it fail. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testHost } from '../harness/testing/scratch-file.ts'
import { parseConfiguration } from '../harness/plan/configuration.ts'
import { drivers } from './index.ts'

const PROGRAMS: readonly [configuration: string, program: string][] = [
  ['bare@ext4', 'mkfs.ext4'],
  ['overlay2@xfs', 'mkfs.xfs'],
  ['btrfs', 'mkfs.btrfs'],
  ['erofs@ext4', 'mkfs.erofs'],
  ['fuse-overlayfs@ext4', 'fuse-overlayfs'],
]

test.each(PROGRAMS)('%s with a broken %s throws what the program said', async (text, program) => {
  const folder = mkdtempSync(join(tmpdir(), 'broken-program-'))
  writeFileSync(join(folder, program), '#!/bin/sh\necho it is broken >&2\nexit 1\n', { mode: 0o755 })
  const { PATH } = process.env
  process.env['PATH'] = `${folder}:${PATH ?? ''}`
  try {
    const { driver, config } = parseConfiguration(text, drivers)
    await expect(driver.probe(testHost(), config)).rejects.toMatchObject({
      code: 'host.command-failed',
      exitCode: 5,
      message: expect.stringContaining('it is broken') as string,
    })
  } finally {
    process.env['PATH'] = PATH
    rmSync(folder, { recursive: true })
  }
})
