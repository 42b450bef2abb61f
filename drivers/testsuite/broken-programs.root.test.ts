/** A program that is missing makes a driver unsupported; one that is there and broken makes it fail. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { bare } from '../bare/index.ts'
import { btrfs } from '../btrfs/index.ts'
import { erofs } from '../erofs/index.ts'
import { fuseOverlayfs } from '../fuse-overlayfs/index.ts'
import { overlay2 } from '../overlay2/index.ts'
import { configure } from './configuration.ts'

const PROBES: readonly [program: string, probe: () => Promise<unknown>][] = [
  ['mkfs.ext4', () => bare.probe(testHost(), configure(bare, 'ext4'))],
  ['mkfs.xfs', () => overlay2.probe(testHost(), configure(overlay2, 'xfs'))],
  ['mkfs.btrfs', () => btrfs.probe(testHost(), configure(btrfs))],
  ['mkfs.erofs', () => erofs.probe(testHost(), configure(erofs))],
  ['fuse-overlayfs', () => fuseOverlayfs.probe(testHost(), configure(fuseOverlayfs))],
]

test.each(PROBES)('a broken %s is an error with what it said', async (program, probe) => {
  const folder = mkdtempSync(join(tmpdir(), 'broken-program-'))
  writeFileSync(join(folder, program), '#!/bin/sh\necho it is broken >&2\nexit 1\n', { mode: 0o755 })
  const { PATH } = process.env
  process.env['PATH'] = `${folder}:${PATH ?? ''}`
  try {
    await expect(probe()).rejects.toMatchObject({
      code: 'host.command-failed',
      exitCode: 5,
      message: expect.stringContaining('it is broken') as string,
    })
  } finally {
    process.env['PATH'] = PATH
    rmSync(folder, { recursive: true })
  }
})
