import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFakeHost } from '../../../harness/testing/fake-host.ts'
import { makeGroup, removeGroup } from './cgroup.ts'

const LIMITS = { memory: 64 * 1024 ** 2, cpus: 0.5, iops: 100 }
const NONE = { memory: null, cpus: null, iops: null }

function root(controllers: readonly string[]): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-cgroup-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  for (const name of controllers) mkdirSync(join(path, name))
  return path
}

describe('a cgroup for a program', () => {
  it('is made where something is limited, in the journal first', () => {
    const host = createFakeHost()
    const hierarchies = root(['memory', 'cpu', 'blkio'])
    expect(makeGroup(host, NONE, [], hierarchies)).toBeNull()
    const group = makeGroup(host, LIMITS, ['/dev/null'], hierarchies)
    const read = (controller: string, file: string) =>
      readFileSync(join(hierarchies, controller, group?.name ?? '', file), 'utf8')
    expect(group?.joins).toHaveLength(3)
    expect(read('memory', 'memory.limit_in_bytes')).toBe(String(LIMITS.memory))
    expect(read('cpu', 'cpu.cfs_quota_us')).toBe('50000')
    expect(read('blkio', 'blkio.throttle.write_iops_device')).toBe('1:3 100')
    expect(host.calls.filter((call) => JSON.stringify(call).includes('cgroup'))).toHaveLength(1)
  })

  it('is one directory in version 2', () => {
    const hierarchy = root([])
    writeFileSync(join(hierarchy, 'cgroup.controllers'), 'cpu io memory')
    const group = makeGroup(createFakeHost(), LIMITS, ['/dev/null'], hierarchy)
    const read = (file: string) => readFileSync(join(hierarchy, group?.name ?? '', file), 'utf8')
    expect(group?.joins).toEqual([join(hierarchy, group?.name ?? '', 'cgroup.procs')])
    expect(readFileSync(join(hierarchy, 'cgroup.subtree_control'), 'utf8')).toBe('+memory +cpu +io')
    expect([read('memory.max'), read('cpu.max'), read('io.max')]).toEqual([
      String(LIMITS.memory),
      '50000 100000',
      '1:3 riops=100 wiops=100',
    ])
  })

  it('that the kernel does not limit is said', () => {
    expect(() => makeGroup(createFakeHost(), LIMITS, [], root([]))).toThrow('cannot be limited')
  })

  it('goes with its program', () => {
    const host = createFakeHost()
    const hierarchies = root(['memory'])
    const group = { name: 'bench-gone', joins: [join(hierarchies, 'memory/bench-gone/cgroup.procs')] }
    mkdirSync(join(hierarchies, 'memory/bench-gone'))
    removeGroup(host, group)
    expect(existsSync(join(hierarchies, 'memory/bench-gone'))).toBe(false)
  })
})
