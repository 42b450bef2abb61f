/** The flags of `bench lab up` as a request, or a usage error. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { usageError } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import { GROUP_NAMES } from '../contracts/remote-host.ts'
import { formatSize, parseSize } from '../contracts/units.ts'
import { FLAVOURS, type LabKind, type OwnKernel } from '../lab/image/types.ts'
import type { UpRequest } from '../lab/up.ts'
import { suggestion } from '../plan/suggest.ts'

export interface UpFlags {
  flavour?: string
  kind?: string
  count?: string
  scratch?: string
  memory?: string
  name?: string
  kernel?: string
  initrd?: string
  modules?: string
  append?: string
}

const MIB = 1024 ** 2
const LEAST = { scratch: 64 * MIB, memory: 128 * MIB }
const MOST_MACHINES = 64
const DEFAULT_FLAVOUR: Readonly<Record<LabKind, string>> = { qemu: 'debian-12', uml: 'uml' }
/** A label of a host name (RFC 1123), with room for the number of one of several. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/

export function upRequest(flags: UpFlags): UpRequest {
  const { kind, flavour } = flavourOf(flags)
  return {
    kind,
    flavour,
    count: countOf(flags.count ?? '1'),
    scratch: sizeOf('scratch', flags.scratch ?? '16G'),
    memory: sizeOf('memory', flags.memory ?? '1G'),
    name: flags.name === undefined ? null : nameOf(flags.name),
    ownKernel: ownKernelOf(flags),
    kernelArguments: kernelArgumentsOf(flags.append ?? ''),
  }
}

function flavourOf(flags: UpFlags): { kind: LabKind; flavour: string } {
  const kinds = [...new Set(Object.values(FLAVOURS))]
  const asked = kinds.find((each) => each === flags.kind)
  if (flags.kind !== undefined && asked === undefined) {
    throw usageError('lab-kind', `--kind ${flags.kind} is not known`, suggestion(flags.kind, kinds))
  }
  const flavour = flags.flavour ?? DEFAULT_FLAVOUR[asked ?? 'qemu']
  const known = Object.entries(FLAVOURS).find(([name]) => name === flavour)
  if (known === undefined) {
    throw usageError(
      'lab-flavour',
      `there is no flavour ${flavour}`,
      suggestion(flavour, Object.keys(FLAVOURS)),
    )
  }
  const [, kind] = known
  if (asked !== undefined && asked !== kind) {
    throw usageError(
      'conflict',
      `the flavour ${flavour} is for --kind ${kind}, not ${asked}`,
      'leave one of them out',
    )
  }
  return { kind, flavour }
}

function countOf(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= MOST_MACHINES) return count
  throw usageError('lab-count', `--count ${text} is not a whole number from 1 to ${MOST_MACHINES}`)
}

/** Whole MiB. */
function sizeOf(option: keyof typeof LEAST, text: string): number {
  const bytes = parseSize(text)
  if (bytes === null) throw usageError('size', `--${option} ${text} is not a size`, 'write 512M or 16G')
  if (bytes >= LEAST[option]) return Math.ceil(bytes / MIB) * MIB
  throw usageError(
    'size',
    `--${option} ${text} is too small`,
    `it must be at least ${formatSize(LEAST[option])}`,
  )
}

function nameOf(name: string): string {
  if (GROUP_NAMES.includes(name)) {
    throw usageError(
      'lab-name',
      `--name ${name} is already the name of a group of hosts`,
      'give it another one',
    )
  }
  if (NAME.test(name)) return name
  throw usageError(
    'lab-name',
    `--name ${name} is not a valid machine name`,
    'use at most 60 lower-case letters, digits and hyphens, with no hyphen at either end',
  )
}

function ownKernelOf({ kernel, initrd, modules }: UpFlags): OwnKernel | null {
  if (kernel !== undefined) {
    return {
      kernel: existing('--kernel', kernel, 'file'),
      initrd: initrd === undefined ? null : existing('--initrd', initrd, 'file'),
      modules: modules === undefined ? null : existing('--modules', modules, 'folder'),
    }
  }
  const alone = initrd === undefined ? (modules === undefined ? null : '--modules') : '--initrd'
  if (alone === null) return null
  throw usageError('conflict', `${alone} requires --kernel`, 'a flavour has its own')
}

/** Splits at blanks, as the kernel does. */
function kernelArgumentsOf(text: string): string[] {
  if (/^[ -~]*$/.test(text)) return text.split(' ').filter(Boolean)
  throw usageError(
    'lab-append',
    '--append has characters that a kernel command line cannot hold',
    'write arguments in ASCII with blanks between them: --append "slub_debug=FZ nokaslr"',
  )
}

function existing(option: string, path: string, kind: 'file' | 'folder'): string {
  const stats = onUserPath(() => statSync(path, { throwIfNoEntry: false }))
  if (stats === undefined) throw usageError('no-file', `${option} ${path} does not exist`)
  if (kind === 'file' ? stats.isFile() : stats.isDirectory()) return resolve(path)
  throw usageError('no-file', `${option} ${path} is not a ${kind}`)
}
