/** Files that only their owner can have written. */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs'
import { nameOfKind } from '../linux/input-file.ts'

const { O_NOCTTY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants

/** Written by others than the owner: stat(2), S_IWGRP and S_IWOTH. */
const WRITTEN_BY_OTHERS = 0o022

/** Returns why a file or directory is not this user's own, or null where it is. */
export function whyNotOwn(stat: Stats, kind: 'file' | 'directory'): string | null {
  if (stat.isSymbolicLink()) return 'is a symbolic link'
  if (!(kind === 'file' ? stat.isFile() : stat.isDirectory())) return `is ${nameOfKind(stat)}`
  const own = process.geteuid?.() ?? -1
  if (stat.uid !== own) return `belongs to user ${stat.uid}, not to user ${own}`
  return (stat.mode & WRITTEN_BY_OTHERS) === 0 ? null : 'may be written by other users'
}

/**
 * Opens a regular file of this user's own for reading. Throws with the reason where it is anything else. It is looked at before
 * it is opened, since opening a FIFO or a device may wait or do something, and again when it is open.
 */
export function openOwnFile(path: string): number {
  requireOwn(lstatSync(path), path)
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
  try {
    requireOwn(fstatSync(fd), path)
    return fd
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function requireOwn(stat: Stats, path: string): void {
  const reason = whyNotOwn(stat, 'file')
  if (reason !== null) throw new Error(`${path} ${reason}`)
}
