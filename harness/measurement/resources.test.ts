import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resourcesSchema, type Resources } from '../contracts/sample.ts'
import { testHost } from '../testing/scratch-file.ts'
import { watchKernelThreads } from './kernel-threads.ts'
import { addResources, openResources, pressureOf, stealOf, resourceDifference } from './resources.ts'

const { syscalls } = testHost()

const counted = fc.nat()
const perhaps = fc.option(fc.nat(), { nil: null })
const readings = fc.record<Resources>({
  userSeconds: counted,
  systemSeconds: counted,
  childUserSeconds: counted,
  childSystemSeconds: counted,
  kernelSeconds: perhaps,
  voluntarySwitches: counted,
  involuntarySwitches: counted,
  ioPressureSome: perhaps,
  ioPressureFull: perhaps,
  stealSeconds: perhaps,
})

test('what was added is what was taken, and unknown stays unknown', () => {
  fc.assert(
    fc.property(readings, readings, (before, change) => {
      const back = resourceDifference(addResources(before, change), before)
      for (const [key, value] of Object.entries(back) as [keyof Resources, number | null][]) {
        expect(value).toBe(before[key] === null ? null : change[key])
      }
    }),
  )
})

test('the totals of I/O pressure, in seconds', () => {
  const text =
    'some avg10=5.03 avg60=6.26 avg300=2.93 total=896450564\nfull avg10=2.76 avg60=3.13 avg300=1.63 total=402\n'
  expect(pressureOf(text)).toEqual({ ioPressureSome: 896.450564, ioPressureFull: 0.000402 })
  expect(pressureOf('')).toEqual({ ioPressureSome: null, ioPressureFull: null })
})

test('stolen time, in seconds', () => {
  expect(stealOf('cpu  577808 7334 413008 1280081 68088 0 16902 52800 0 0\ncpu0 1')).toBe(528)
  expect(stealOf('')).toBeNull()
})

describe('of this process', () => {
  const work = (during: () => void) => {
    const resources = openResources(syscalls, null)
    onTestFinished(() => resources.close())
    const all = () => ({ ...resources.ofProcess(), ...resources.ofHost(), kernelSeconds: null })
    const before = all()
    during()
    return resourcesSchema.parse(resourceDifference(all(), before))
  }

  test('CPU time is charged to the process that used it', () => {
    // More than is asked for: the difference of two totals loses a last digit.
    const own = work(() => busy(0.11))
    expect(own.userSeconds + own.systemSeconds).toBeGreaterThanOrEqual(0.1)
    expect(own.childUserSeconds).toBe(0)
    const childs = work(() =>
      execFileSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 110_000);']),
    )
    expect(childs.childUserSeconds).toBeGreaterThanOrEqual(0.1)
  })

  test('to wait is to give the CPU up', () => {
    expect(work(() => execFileSync('sleep', ['0.01'])).voluntarySwitches).toBeGreaterThan(0)
  })
})

describe('kernel threads', () => {
  /** Returns a /proc with processes by number: their flags, and the real process whose time they show. */
  function proc(processes: Record<string, { flags: number; shows: number }>): string {
    const home = mkdtempSync(join(tmpdir(), 'bench-test-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    for (const [pid, { flags, shows }] of Object.entries(processes)) {
      mkdirSync(join(home, pid))
      // The name may hold blanks and parentheses.
      writeFileSync(join(home, pid, 'stat'), `${pid} (kworker) 0 (0) S 2 0 0 0 -1 ${flags} 0 0`)
      symlinkSync(`/proc/${shows}/schedstat`, join(home, pid, 'schedstat'))
    }
    mkdirSync(join(home, 'sys'))
    return home
  }

  const KERNEL = 0x00200040

  test('count, and processes do not', () => {
    const shows = process.pid
    const kernel = watchKernelThreads(proc({ 7: { flags: KERNEL, shows }, 8: { flags: KERNEL, shows } }))
    const both = watchKernelThreads(
      proc({ 7: { flags: KERNEL, shows }, 8: { flags: 0x400040, shows }, 9: { flags: KERNEL, shows } }),
    )
    onTestFinished(() => [kernel, both].forEach((one) => one.close()))
    const first = Number(kernel.seconds())
    busy(0.05)
    const second = Number(kernel.seconds())
    // Two that show the main thread of this process; others of its threads have a part in what was taken.
    expect(second - first).toBeGreaterThan(0.05)
    expect(Number(both.seconds()) / second).toBeLessThan(1.2)
  })

  test('that have ended keep what they had', async () => {
    const child = spawn('sh', ['-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo; exec sleep 60'])
    await once(child.stdout, 'data')
    const threads = watchKernelThreads(proc({ 7: { flags: KERNEL, shows: Number(child.pid) } }))
    onTestFinished(() => threads.close())
    const before = Number(threads.seconds())
    expect(before).toBeGreaterThan(0)
    child.kill()
    await once(child, 'close')
    expect(threads.seconds()).toBeGreaterThanOrEqual(before)
    expect(threads.seconds()).toBe(threads.seconds())
  })

  test('are not known where none is to be seen', () => {
    const threads = watchKernelThreads(proc({ 7: { flags: 0, shows: process.pid } }))
    expect(threads.seconds()).toBeNull()
    threads.close()
  })
})

/** Uses `seconds` of CPU time, however long that takes on a busy machine. */
function busy(seconds: number): void {
  const before = process.cpuUsage()
  for (;;) {
    const { user, system } = process.cpuUsage(before)
    if ((user + system) / 1e6 >= seconds) return
  }
}
