/**
 * Recorded answers of a real kernel to device mapper's ioctls, played back. A replay insists on the same
 * requests, byte for byte and in the same order: it shows what the driver asks, against answers that were not made up.
 */
import { readFileSync } from 'node:fs'
import { SyscallError, type Syscalls } from '../../../harness/contracts/syscalls.ts'
import { COMMANDS, describeIoctl } from '../../../harness/linux/dm/testing/describe-ioctl.ts'

/** One ioctl. The bytes are in base64, without the zeros at the end. */
export interface RecordedCall {
  /** For the reader; see {@link describeIoctl}. */
  call: string
  sent: string
  answered?: string
  errno?: { code: string; number: number }
}

export interface Recording {
  kernel: string
  scratch: { device: string; size: number; label: string }
  steps: RecordedStep[]
}

export interface RecordedStep {
  step: string
  calls: RecordedCall[]
  /** Result of the step, or the code of its error. */
  result: unknown
}

/** linux/fs.h: asked just before the pool's metadata is read. */
export const BLKFLSBUF = 0x1261

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as Recording
}

/**
 * System calls that remember device mapper's ioctls in `calls`, and hand `onMetadata` the pool's metadata when it is
 * read.
 */
export function recordIoctls(
  syscalls: Syscalls,
  calls: RecordedCall[],
  onMetadata: (fd: number) => void,
): Syscalls {
  return {
    ...syscalls,
    ioctlInt(fd, request, argument) {
      const result = syscalls.ioctlInt(fd, request, argument)
      if (request === BLKFLSBUF) onMetadata(fd)
      return result
    },
    ioctl(fd, request, argument) {
      if (!COMMANDS.has(request)) return syscalls.ioctl(fd, request, argument)
      const call: RecordedCall = { call: describeIoctl(request, argument), sent: pack(argument) }
      calls.push(call)
      try {
        const result = syscalls.ioctl(fd, request, argument)
        call.answered = pack(argument)
        return result
      } catch (error) {
        if (error instanceof SyscallError) call.errno = { code: error.code, number: error.errno }
        throw error
      }
    },
  }
}

/** An ioctl(2) that gives the recorded answers, and throws at the first request that is not the recorded one. */
export function replayIoctls(next: () => RecordedCall | undefined): Syscalls['ioctl'] {
  return (_, request, argument) => {
    const described = describeIoctl(request, argument)
    const recorded = next()
    if (recorded === undefined) throw new Error(`asked beyond the recording: ${described}`)
    if (recorded.call !== described) throw new Error(`asked: ${described}; recorded: ${recorded.call}`)
    if (recorded.sent !== pack(argument)) throw new Error(`other bytes than recorded in: ${described}`)
    if (recorded.errno !== undefined) {
      throw new SyscallError('ioctl', recorded.errno.number, recorded.errno.code, described)
    }
    const answer = Buffer.from(recorded.answered ?? '', 'base64')
    argument.fill(0)
    argument.set(answer)
    return 0
  }
}

function pack(bytes: Uint8Array): string {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  return Buffer.from(bytes.subarray(0, end)).toString('base64')
}
