/** A cgroup for a program that no container runtime starts, with the limits of a container. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../../../harness/contracts/error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import { CGROUPS, isLimited, numbersOf, PERIOD, quotaOf, type Limits } from './limits.ts'
import { uniqueId } from './runtime.ts'

export interface LimitedGroup {
  readonly name: string
  /** Files that a process writes its number to, to be in the group: one, or one of each hierarchy. */
  readonly joins: readonly string[]
}

/**
 * Makes the group; null where nothing is limited. It is in the journal; what made it removes it by `removeGroup`. Throws
 * `limits.unavailable` where the kernel does not limit what is asked for. `root`: where the hierarchies are mounted.
 */
export function makeGroup(
  host: Pick<Host, 'journal'>,
  limits: Limits,
  devices: readonly string[],
  root = CGROUPS,
): LimitedGroup | null {
  if (!isLimited(limits)) return null
  const name = uniqueId(host.journal)
  host.journal.record({ kind: 'cgroup', name })
  try {
    const isTwo = existsSync(join(root, 'cgroup.controllers'))
    const joins = isTwo ? inTwo(root, name, limits, devices) : inOne(root, name, limits, devices)
    return { name, joins }
  } catch (error) {
    throw new BenchError(`the cgroup ${name} cannot be limited: ${messageOf(error)}`, {
      code: 'limits.unavailable',
      hint: 'leave out the limit; bench doctor shows what control groups this host has',
      exitCode: ExitCode.cellFailed,
    })
  }
}

/** Removes the group, in which no process may be left. */
export function removeGroup(host: Pick<Host, 'journal'>, { name, joins }: LimitedGroup): void {
  for (const path of joins) rmdirSync(dirname(path))
  host.journal.forget({ kind: 'cgroup', name })
}

function inTwo(
  root: string,
  name: string,
  { memory, cpus, iops }: Limits,
  devices: readonly string[],
): string[] {
  const wanted = [
    ...(memory === null ? [] : ['+memory']),
    ...(cpus === null ? [] : ['+cpu']),
    ...(iops === null ? [] : ['+io']),
  ]
  writeFileSync(join(root, 'cgroup.subtree_control'), wanted.join(' '))
  const group = join(root, name)
  mkdirSync(group)
  const put = (file: string, text: string) => writeFileSync(join(group, file), text)
  if (memory !== null) put('memory.max', String(memory))
  if (cpus !== null) put('cpu.max', `${quotaOf(cpus)} ${PERIOD}`)
  if (iops !== null)
    for (const device of devices) put('io.max', `${textOf(device)} riops=${iops} wiops=${iops}`)
  return [join(group, 'cgroup.procs')]
}

function inOne(
  root: string,
  name: string,
  { memory, cpus, iops }: Limits,
  devices: readonly string[],
): string[] {
  const joins: string[] = []
  const group = (controller: string) => {
    const path = join(root, controller, name)
    mkdirSync(path)
    joins.push(join(path, 'cgroup.procs'))
    return (file: string, text: string) => writeFileSync(join(path, file), text)
  }
  if (memory !== null) group('memory')('memory.limit_in_bytes', String(memory))
  if (cpus !== null) {
    const put = group('cpu')
    put('cpu.cfs_period_us', String(PERIOD))
    put('cpu.cfs_quota_us', String(quotaOf(cpus)))
  }
  if (iops !== null) {
    const put = group('blkio')
    for (const device of devices)
      for (const way of ['read', 'write'])
        put(`blkio.throttle.${way}_iops_device`, `${textOf(device)} ${iops}`)
  }
  return joins
}

function textOf(device: string): string {
  const { major, minor } = numbersOf(device)
  return `${major}:${minor}`
}
