import { closeSync, openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { LoopDevice, LoopOptions, Loops } from '../contracts/host.ts'
import { errnoOf, type Syscalls } from '../contracts/syscalls.ts'
import { openLoopControl } from './loop-control.ts'

// linux/loop.h
const LOOP_CLR_FD = 0x4c01
const LOOP_CONFIGURE = 0x4c0a
const LOOP_CTL_GET_FREE = 0x4c82
const LO_FLAGS_READ_ONLY = 1
const LO_FLAGS_AUTOCLEAR = 4
const LO_FLAGS_DIRECT_IO = 16

// struct loop_config { u32 fd; u32 block_size; struct loop_info64 info; u64 reserved[8]; }, linux/loop.h (5.8).
const CONFIG_SIZE = 4 + 4 + 232 + 64
const INFO_START_OFFSET = 8 + 24
const INFO_SIZE_OFFSET = 8 + 32
const INFO_FLAGS_OFFSET = 8 + 52
const INFO_NAME_OFFSET = 8 + 56
const NAME_SIZE = 64

const ATTEMPTS = 32

export function createLoops(syscalls: Syscalls): Loops {
  return {
    attach(file, options = {}) {
      const backing = openSync(file, options.readOnly ? 'r' : 'r+')
      try {
        return attachToFree(syscalls, file, backing, options)
      } finally {
        closeSync(backing)
      }
    },
  }
}

/** Another process may take the free number that the kernel named, so EBUSY asks again. */
function attachToFree(syscalls: Syscalls, file: string, backing: number, options: LoopOptions): LoopDevice {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const device = `/dev/loop${freeNumber(syscalls)}`
    const fd = openSync(device, options.readOnly ? 'r' : 'r+')
    try {
      syscalls.ioctl(fd, LOOP_CONFIGURE, loopConfig(backing, file, options))
      return attached(syscalls, device, fd)
    } catch (error) {
      closeSync(fd)
      if (errnoOf(error) !== 'EBUSY') throw error
    }
  }
  throw new BenchError(`no free loop device for ${file} after ${ATTEMPTS} attempts`, {
    code: 'host.no-loop',
    hint: 'another program keeps attaching loop devices; see losetup --list',
    exitCode: ExitCode.hostNotReady,
  })
}

function attached(syscalls: Syscalls, device: string, fd: number): LoopDevice {
  let open = true
  return {
    device,
    detach() {
      if (!open) return
      open = false
      // ENXIO: it has detached by itself already.
      try {
        syscalls.ioctlInt(fd, LOOP_CLR_FD, 0)
      } catch (error) {
        if (errnoOf(error) !== 'ENXIO') throw error
      } finally {
        closeSync(fd)
      }
    },
  }
}

function freeNumber(syscalls: Syscalls): number {
  const control = openLoopControl()
  try {
    return syscalls.ioctlInt(control, LOOP_CTL_GET_FREE, 0)
  } finally {
    closeSync(control)
  }
}

function loopConfig(backing: number, file: string, options: LoopOptions): Buffer {
  const config = Buffer.alloc(CONFIG_SIZE)
  config.writeUInt32LE(backing, 0)
  config.writeUInt32LE(options.sectorSize ?? 0, 4)
  const flags =
    LO_FLAGS_AUTOCLEAR |
    (options.readOnly ? LO_FLAGS_READ_ONLY : 0) |
    (options.directIo ? LO_FLAGS_DIRECT_IO : 0)
  config.writeBigUInt64LE(BigInt(options.offset ?? 0), INFO_START_OFFSET)
  config.writeBigUInt64LE(BigInt(options.size ?? 0), INFO_SIZE_OFFSET)
  config.writeUInt32LE(flags, INFO_FLAGS_OFFSET)
  config.write(file.slice(-(NAME_SIZE - 1)), INFO_NAME_OFFSET, NAME_SIZE - 1)
  return config
}
