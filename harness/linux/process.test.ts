import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  childrenOf,
  commandLine,
  descendantsOf,
  environmentOf,
  hasEnded,
  identityOf,
  isAlive,
  isPresent,
  parentOf,
  processFlags,
  processIds,
  programOf,
  startTimeOf,
} from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-test-process-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

async function start(program: string, ...args: string[]): Promise<{ pid: number; child: ChildProcess }> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], env: { MARK: 'ä' } })
  children.push(child)
  await once(child, 'spawn')
  return { pid: child.pid ?? 0, child }
}

describe('a process whose name has blanks and parentheses', () => {
  // The kernel keeps 15 bytes of a file's name as the process' name.
  const program = join(folder, 'a) Z (c) 1 2')
  let pid: number
  beforeAll(async () => {
    writeFileSync(program, '#!/bin/sh\nread line\n', { mode: 0o755 })
    ;({ pid } = await start(program, 'argument'))
  })

  test('has its parent, its start, its flags', () => {
    expect(parentOf(pid)).toBe(process.pid)
    expect(startTimeOf(pid)).toBeGreaterThanOrEqual(startTimeOf(process.pid) ?? Infinity)
    // PF_KTHREAD, linux/sched.h
    expect((processFlags(pid) ?? 0) & 0x00200000).toBe(0)
  })

  test('is still running', () => expect(hasEnded(pid)).toBe(false))

  test('is found among all, and among the children of this one', () => {
    expect(processIds()).toContain(String(pid))
    expect(childrenOf(process.pid)).toContain(pid)
  })

  test('has its name, its arguments and its environment', () => {
    expect(programOf(pid)).toBe('a) Z (c) 1 2')
    expect(commandLine(pid)).toBe(`/bin/sh\0${program}\0argument\0`)
    expect(environmentOf(pid)).toContain('MARK=ä')
  })
})

/** Returns null until there is one. */
function zombiesOf(pid: number): number[] | null {
  const zombies = childrenOf(pid)?.filter(hasEnded) ?? []
  return zombies.length === 0 ? null : zombies
}

describe('where the kernel lists no children', () => {
  /** Makes a procfs of processes with these parents. */
  function procOf(parents: Readonly<Record<number, number>>): string {
    const proc = mkdtempSync(join(tmpdir(), 'bench-test-'))
    for (const [pid, parent] of Object.entries(parents)) {
      mkdirSync(join(proc, pid, 'task', pid), { recursive: true })
      writeFileSync(join(proc, pid, 'stat'), `${pid} (a b) c) S ${parent} 0 0`)
    }
    return proc
  }

  test('they are those that name their parent', () => {
    const proc = procOf({ 7: 1, 8: 7, 9: 7, 10: 8 })
    try {
      expect(childrenOf(7, { proc })?.sort()).toEqual([8, 9])
      expect(childrenOf(10, { proc })).toEqual([])
      expect(childrenOf(11, { proc })).toBeNull()
      expect(descendantsOf(7, proc).sort((a, b) => a - b)).toEqual([8, 9, 10])
    } finally {
      rmSync(proc, { recursive: true })
    }
  })
})

describe('an identity', () => {
  const me = identityOf(process.pid)

  test('is that of a process that lives', () => expect(isAlive(me)).toBe(true))

  test('is not that of a process that got its id later', () => {
    const older = { ...me, startTime: me.startTime - 1 }
    expect(isAlive(older)).toBe(false)
    expect(isPresent(older)).toBe(false)
  })

  test('is of one boot', () => {
    expect(isAlive({ ...me, bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false)
  })

  test('of a process that has ended is nobody’s', async () => {
    const { pid, child } = await start('sleep', '60')
    const identity = identityOf(pid)
    expect(isAlive(identity)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(identity)).toBe(false)
    expect(isPresent(identity)).toBe(false)
    expect(hasEnded(pid)).toBe(true)
    expect(startTimeOf(pid)).toBeNull()
    expect(childrenOf(pid)).toBeNull()
    expect(commandLine(pid)).toBe('')
    expect(environmentOf(pid)).toEqual([])
  })

  test('of a process that nobody waited for is there and not alive', async () => {
    // The shell becomes a program that never waits for what the shell has begun.
    const { pid } = await start('sh', '-c', 'true & exec sleep 60')
    const [zombie = 0] = await vi.waitUntil(() => zombiesOf(pid), 5000)
    const identity = identityOf(zombie)
    expect(isPresent(identity)).toBe(true)
    expect(isAlive(identity)).toBe(false)
  })
})
