/** The program inside every image: the host's static busybox. */
import { readFileSync } from 'node:fs'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { setUpCommand } from '../../harness/linux/package.ts'

/** Paths of busybox in the packages of Debian, Fedora, Arch and openSUSE, and of one built by hand. */
const PLACES = [
  '/bin/busybox',
  '/usr/bin/busybox',
  '/sbin/busybox',
  '/usr/sbin/busybox',
  '/usr/local/bin/busybox',
  '/usr/bin/busybox-static',
  '/usr/lib/busybox/busybox-static',
]

// System V ABI, "Object Files": the 64-bit ELF header and its program headers.
const ELF_MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46])
const ELF_CLASS_AT = 4
const ELF_CLASS_64 = 2
const PROGRAM_HEADERS_AT = 32
const PROGRAM_HEADER_SIZE_AT = 54
const PROGRAM_HEADER_COUNT_AT = 56
const PT_INTERP = 3

/** The bytes of a static busybox. Throws `host.no-busybox` when the host has none, or a dynamic one only. */
export function readBusybox(places: readonly string[] = PLACES): Buffer {
  let dynamic: string | null = null
  for (const place of places) {
    const program = readIfThere(place)
    if (program === null) continue
    if (isStatic(program)) return program
    dynamic = place
  }
  throw new BenchError(
    dynamic === null
      ? 'busybox is not installed'
      : `${dynamic} is linked dynamically, so it cannot run in an image`,
    {
      code: 'host.no-busybox',
      hint: `${setUpCommand()} installs a static busybox (Debian: busybox-static)`,
      exitCode: ExitCode.hostNotReady,
    },
  )
}

/** A program without an interpreter needs no library of the image. */
export function isStatic(program: Buffer): boolean {
  if (program.length < 64 || !program.subarray(0, ELF_MAGIC.length).equals(ELF_MAGIC)) return false
  if (program[ELF_CLASS_AT] !== ELF_CLASS_64) return false
  const start = Number(program.readBigUInt64LE(PROGRAM_HEADERS_AT))
  const size = program.readUInt16LE(PROGRAM_HEADER_SIZE_AT)
  const count = program.readUInt16LE(PROGRAM_HEADER_COUNT_AT)
  for (let index = 0; index < count; index += 1) {
    if (program.readUInt32LE(start + index * size) === PT_INTERP) return false
  }
  return true
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}
