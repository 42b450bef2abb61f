import { onUserPath } from '../../contracts/host-error.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { existingFolder } from '../../linux/existing-folder.ts'

/** Lends a private folder on the disk that holds `scratchDirectory`, which itself need not be there yet. */
export async function withProbeFolder<T>(
  host: Host,
  scratchDirectory: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = existingFolder(scratchDirectory)
  const folder = onUserPath(() => mkdtempSync(path.join(parent, 'bench-doctor-')))
  const entry = { kind: 'directory', path: folder } as const
  host.journal.record(entry)
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    host.journal.forget(entry)
  }
}
