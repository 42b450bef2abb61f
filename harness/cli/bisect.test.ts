/** `bench bisect`, with what stands for the measuring. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BenchError } from '../contracts/error.ts'
import type { Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { makePlan } from '../plan/plan.ts'
import { smallRun } from '../testing/small-run.ts'
import { openRun } from './baseline.ts'
import { bisect } from './bisect.ts'
import { requestOf } from './bisect-lab.ts'
import type { Context } from './context.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere, roomsHere } from './testing/here.ts'
import { runFolder } from './testing/run-folder.ts'

const otherKernel = { host: { ...smallRun().host, kernel: '6.12.0' } }
const slow = (place: Place, day: number) => runFolder(place, day, 0.02, otherKernel)
const fast = (place: Place, day: number) => runFolder(place, day, 0.01, otherKernel)

/** A run in which every other round is slow. */
function noisy(place: Place, day: number): string {
  const folder = fast(place, day)
  rewrite(folder, (sample, index) => (index % 2 === 0 ? sample : { ...sample, phases: { write: 0.02 } }))
  return folder
}

/** A run as fast as the good one that allocates more in each sample. */
function larger(place: Place, day: number): string {
  const folder = fast(place, day)
  rewrite(folder, (sample) => ({ ...sample, allocated: { bytes: 1e9, inodes: null } }))
  return folder
}

function rewrite(folder: string, change: (sample: Sample, index: number) => Sample): void {
  const path = join(folder, 'samples.ndjson')
  const samples = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, '')
  samples.forEach((line, index) =>
    appendFileSync(path, `${JSON.stringify(change(JSON.parse(line) as Sample, index))}\n`),
  )
}

type Step = (place: Place, day: number) => string

/** Bisects once with these measurements, in turn; returns the exit code, what was printed and how often it measured. */
async function bisected(steps: readonly Step[], changes: Partial<Run> = {}) {
  using place = makePlace()
  let printed = ''
  let count = 0
  const stdout = { write: (text: string) => (printed += text) }
  const context = { ...roomsHere, stdout } as unknown as Context
  const code = await bisect(
    { good: runFolder(place, 1, 0.01, changes), output: place.output },
    context,
    async () => {
      count += 1
      return steps[count - 1]?.(place, count + 1) ?? ''
    },
  )
  return { code, printed, count }
}

describe('a commit', () => {
  test.each<[string, Step[], number, number]>([
    ['is good where the cell is shown not to be worse', [fast], 0, 1],
    ['is bad by a counter at once, however fast it is', [larger], 1, 1],
    ['is bad by time only where it is slow twice', [slow, slow], 1, 2],
    ['is good where it is slow once, and then shown not to be', [slow, fast], 0, 2],
    ['is skipped where it is slow once, and then not known', [slow, noisy], 125, 2],
    ['is skipped where it is too noisy twice', [noisy, noisy], 125, 2],
  ])('%s', async (_, steps, code, count) => {
    expect(await bisected(steps)).toMatchObject({ code, count })
  })

  test('is skipped where it cannot be tested: the cell failed, the kernel does not boot', async () => {
    const [cell] = smallRun().cells
    const failed = { state: 'failed' as const, code: 'x', reason: 'mount(2): EINVAL', hint: '' }
    const ended = (place: Place, day: number) =>
      runFolder(place, day, 0.01, { ...otherKernel, outcomes: { [cell?.id ?? '']: failed } })
    expect(await bisected([ended])).toMatchObject({
      code: 125,
      printed: 'cannot tell: the cell ended as failed: mount(2): EINVAL\n',
    })
    const boots: Step = () => {
      throw new BenchError('the kernel does not boot', { code: 'bisect.untestable' })
    }
    expect(await bisected([boots])).toMatchObject({ code: 125 })
  })

  test('stops where the good run is of another machine: no commit could be told', async () => {
    const tools = (place: Place, day: number) =>
      runFolder(place, day, 0.01, { host: { ...otherKernel.host, tools: { fio: '9' } } })
    await expect(bisected([tools])).rejects.toThrow(/cannot be compared .*tool:fio differs/)
  })
})

describe('git bisect run', () => {
  test.each([
    ['an unknown option', ['--god', 'x']],
    ['no good run', []],
    ['a folder that is no run', ['--good', '/etc']],
    ['modules without a kernel', ['--good', '/etc', '--modules', '/lib/modules']],
  ])('stops, and does not call a commit bad, for %s', async (_, words) => {
    using place = makePlace()
    const { code, stderr } = await benchHere(place, 'bisect', ...words)
    expect(stderr).toMatch(/^bench: [^\n]+\n$/)
    expect(code).toBe(128)
  })

  test('a good run of several cells is refused until one is named', async () => {
    using place = makePlace()
    const { cells } = smallRun()
    const several = { cells: [...cells, ...cells.map((cell) => ({ ...cell, id: 'other' }))] }
    const { stderr } = await benchHere(place, 'bisect', '--good', runFolder(place, 1, 1, several))
    expect(stderr).toMatch(/has 2 cells: name one with --cell: "stacker@ext4 write size=1M warm", "other"/)
  })
})

test('what is asked of a lab machine plans the very cell and its controls', () => {
  using place = makePlace()
  const registry = { drivers: fakeDrivers, scenarios: fakeScenarios }
  const { cells, options } = makePlan(
    { driver: ['all'], scenario: ['all'], profile: 'standard', budget: '9h' },
    registry,
  )
  const cell = cells.findLast(({ control }) => control !== null)
  if (cell === undefined) throw new Error('no cell has a control')
  const good = openRun(runFolder(place, 1, 1))
  const wanted = { good: { ...good, run: { ...good.run, options } }, cell, rounds: 5, output: place.output }
  const { host, output, ...request } = requestOf(wanted, 'bisect-1')
  expect(request.scratch).toBe(options.scratch.path)
  expect({ host, output }).toEqual({ host: ['bisect-1'], output: place.output })
  const planned = makePlan(request, registry)
  expect(new Set(planned.cells.map(({ id }) => id))).toEqual(new Set([cell.id, cell.control]))
  expect(planned.cells.find(({ id }) => id === cell.id)).toEqual(cell)
})
