/** Reads below /proc/PID, where files disappear with the process and may be unreadable for other users. */
import { readdirSync, readlinkSync } from 'node:fs'

/** Returns the names in a folder; none when it is gone or may not be seen. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Returns what a link leads to; null when it is gone or may not be seen. */
export function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
