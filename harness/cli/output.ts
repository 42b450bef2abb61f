/** Standard output and standard error that may go away or fill up: no such error ends a command in the middle. */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { writeAll } from '../linux/write-all.ts'

type Write = NodeJS.WriteStream['write']

export interface Output {
  /** Writes to it; throws nothing, and no error ends the program. */
  write: Write
  /** Waits for what was written; returns the first error, or null. A reader that has had enough (`| head`) is none. */
  failure(): Promise<Error | null>
}

export function openOutput(stream: NodeJS.WriteStream): Output {
  let first: Error | null = null
  const keep = (error: Error) => {
    if (errnoOf(error) !== 'EPIPE') first ??= error
  }
  stream.on('error', keep)
  const fd = fileOrDevice(stream)
  if (fd !== null) return { write: writerTo(fd, keep), failure: () => Promise.resolve(first) }
  const written = () => new Promise<void>((resolve) => stream.write('', () => resolve()))
  return { write: stream.write.bind(stream), failure: () => written().then(() => first) }
}

/** Returns the error of a standard output of which a part is missing. */
export function incompleteOutput(cause: Error): BenchError {
  return new BenchError(`standard output is incomplete: ${messageOf(cause)}`, {
    code: 'output.incomplete',
    hint: 'free space there, or write to another place',
    exitCode: ExitCode.hostNotReady,
    cause,
  })
}

/**
 * Returns what puts /dev/null in the place of each terminal that has gone away by then. At its exit Node restores the settings
 * of each terminal that it began with, and aborts where that fails; it passes over what is another file (ResetStdio in its
 * src/node.cc). Closing it is not enough: koffi (3.3) hangs at its exit without a standard error.
 */
export function terminalsAtExit(): () => void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd))
  return () => {
    for (const fd of terminals) {
      if (isatty(fd)) continue
      closeSync(fd)
      // open(2) takes the lowest number that is free.
      openSync('/dev/null', 'r+')
    }
  }
}

/**
 * Returns the descriptor of a stream that leads to a file or a device, or null: Node writes to those by a single write(2),
 * and takes a short one for a whole one.
 */
function fileOrDevice(stream: NodeJS.WriteStream & { fd?: number }): number | null {
  if (stream.fd === undefined || stream.isTTY) return null
  const stat = fstatSync(stream.fd)
  return stat.isFile() || stat.isCharacterDevice() ? stream.fd : null
}

function writerTo(fd: number, keep: (error: Error) => void): Write {
  return (chunk) => {
    try {
      writeAll(fd, chunk)
    } catch (error) {
      keep(error as Error)
    }
    return true
  }
}
