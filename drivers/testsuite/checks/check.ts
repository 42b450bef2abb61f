import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import type { BenchError } from '../../../harness/contracts/error.ts'
import type { Fixture } from '../fixture.ts'

/** Throws where the driver does not do what a container may expect. */
export type Check = (fixture: Fixture) => void | Promise<void>

/** By the name under which a driver may declare that it is known to fail it. */
export type Checks = Readonly<Record<string, Check>>

/** Writes within an existing file, durably. */
export function writeAt(path: string, offset: number, content: string): void {
  const fd = openSync(path, 'r+')
  try {
    writeSync(fd, content, offset)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export function readAt(path: string, offset: number, length: number): string {
  const buffer = Buffer.alloc(length)
  const fd = openSync(path, 'r')
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, length, offset))
  } finally {
    closeSync(fd)
  }
}

/** The `code` of the error with which the call fails; `null` when it does not fail. */
export async function failureCode(call: () => unknown): Promise<string | null> {
  try {
    await call()
    return null
  } catch (error) {
    return (error as BenchError).code
  }
}
