/** The way to the kernel: ioctls on /dev/mapper/control. */
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { errnoOf, type Syscalls } from '../../contracts/syscalls.ts'
import { decodeHeader, DmFlag, encodeRequest, HEADER_SIZE, type Request } from './header.ts'

/** The commands, by their number: `enum` and `DM_…_CMD` of linux/dm-ioctl.h. */
export const Command = {
  version: 0,
  listDevices: 2,
  create: 3,
  remove: 4,
  suspend: 6,
  load: 9,
  tableStatus: 12,
  listVersions: 13,
  message: 14,
} as const

export type CommandName = keyof typeof Command

/** `_IOWR(DM_IOCTL, command, struct dm_ioctl)`. */
export function requestCode(command: CommandName): number {
  return (0xc0000000 | (HEADER_SIZE << 16) | (0xfd << 8) | Command[command]) >>> 0
}

/** Paths of the device files. Others are used only in tests. */
export interface DeviceFiles {
  /** The folder of `control` and of the devices' nodes. */
  mapper: string
  /** Lists the minor number of the control node. */
  misc: string
}

export const DEVICE_FILES: DeviceFiles = { mapper: '/dev/mapper', misc: '/proc/misc' }

export interface Control {
  readonly files: DeviceFiles
  readonly syscalls: Syscalls
  /**
   * Sends a request and returns the buffer with the answer. `capacity` (bytes) is grown until the answer fits.
   * Throws a BenchError `driver.device-mapper` with the failed call as its cause; see {@link dmErrno}.
   */
  call(command: CommandName, request: Request, capacity?: number): Buffer
  close(): void
}

/** Opens the control node. Throws the errno of open(2), `ENOENT` where the kernel has no device mapper. */
export function openControl(syscalls: Syscalls, files: DeviceFiles = DEVICE_FILES): Control {
  const fd = openSync(controlNode(syscalls, files), 'r+')
  return {
    files,
    syscalls,
    call(command, request, capacity = 0) {
      for (let size = capacity; ; size *= 4) {
        const buffer = encodeRequest(request, size)
        try {
          syscalls.ioctl(fd, requestCode(command), buffer)
        } catch (error) {
          throw failed(command, request, error)
        }
        if ((decodeHeader(buffer).flags & DmFlag.bufferFull) === 0) return buffer
      }
    },
    close: () => closeSync(fd),
  }
}

/** devtmpfs makes the node; where /dev is something else it is made here, from the minor in /proc/misc. */
function controlNode(syscalls: Syscalls, files: DeviceFiles): string {
  const path = join(files.mapper, 'control')
  if (existsSync(path)) return path
  const minor = /^\s*(\d+) device-mapper$/m.exec(readFileSync(files.misc, 'utf8'))?.[1]
  if (minor !== undefined) {
    const MISC_MAJOR = 10
    mkdirSync(files.mapper, { recursive: true })
    syscalls.mknod(path, constants.S_IFCHR | 0o600, (MISC_MAJOR << 8) | (Number(minor) & 0xff))
  }
  return path
}

function failed(command: CommandName, request: Request, error: unknown): BenchError {
  const errno = errnoOf(error)
  if (errno === null) throw error
  const about = request.name === undefined ? '' : ` ${request.name}`
  return dmError('device-mapper', `device mapper: ${command}${about}: ${errno}`, error)
}

/** Returns device mapper's refusal in the words of the snapshotter's contract: `driver.busy`, `driver.exists`, `driver.device-mapper`. */
export function dmError(code: string, message: string, cause: unknown): BenchError {
  return new BenchError(message, { code: `driver.${code}`, exitCode: ExitCode.cellFailed, cause })
}

/** Returns the errno that the kernel answered a request with, or null for an error of another kind. */
export function dmErrno(error: unknown): string | null {
  return error instanceof BenchError && error.code === 'driver.device-mapper' ? errnoOf(error.cause) : null
}
