import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { adviceOf } from './advice.ts'
import { matrixOf } from './matrix.ts'

const { run, samples } = fixtureRun()
const [bigfile, , rates] = adviceOf(matrixOf(summarize(run, samples)))

const names = (cells: readonly { cell: { cell: { configuration: string } } }[] = []) =>
  cells.map(({ cell }) => cell.cell.configuration)

describe('adviceOf', () => {
  it('names the best, and what is about the same', () => {
    expect(names(bigfile?.best)[0]).toBe('btrfs')
    const longer = fixtureRun({ rounds: 40, scenarios: ['startup'] })
    const [startup] = adviceOf(matrixOf(summarize(longer.run, longer.samples)))
    expect(names(startup?.best)).toContain('overlay2@ext4')
  })

  it('names what to avoid, the dearest first, with what is shown', () => {
    expect(names(bigfile?.avoid.map(({ cell }) => cell))).toEqual([
      'vfs@ext4',
      'overlay2@xfs+reflink=off',
      'overlay2@ext4',
    ])
    expect(bigfile?.avoid[0]?.atLeast).toBeGreaterThan(500)
    expect(bigfile?.avoid[1]?.atLeast).toBeGreaterThan(100)
    expect(bigfile?.avoid[1]?.cell.cell.mechanism).toBe('copied-up')
  })

  it('says from which size on it is dearer', () => {
    const [, , copied] = bigfile?.avoid ?? []
    const sizes = copied?.breakEvens.map((one) => (one?.is === 'from' ? one.x / 1024 ** 2 : one?.is))
    // The fixture's overlay2 takes 0.93 ns a byte: 10.3 MiB for 10 ms, 103 MiB for 100 ms, by a law that is no straight line.
    expect(sizes?.[0]).toBeCloseTo(10, 0)
    expect(sizes?.[1]).toBeGreaterThan(90)
    expect(sizes?.[1]).toBeLessThan(110)
    expect(sizes?.[2]).toBeLessThan(2)
  })

  it('says from which share on it is dearer', () => {
    const params = ['0.01', '0.1', '1'].map((share) => ({ touch: `fraction:${share}` }))
    const small = smallRun(['control', 'fast', 'slow'], params)
    const rounds = [0, 1, 2, 3, 4, 5].flatMap((round) =>
      params.flatMap(({ touch }) => {
        const share = Number(touch.split(':')[1])
        return [
          smallSample(`fast|${touch}`, round, { open: 0.001, sync: 0 }),
          smallSample(`slow|${touch}`, round, { open: share * (1 + round / 1000), sync: 0 }),
        ]
      }),
    )
    const [shares] = adviceOf(matrixOf(summarize(small, rounds)))
    const [byAHundredth] = shares?.avoid[0]?.breakEvens ?? []
    expect(byAHundredth).toMatchObject({ is: 'from', x: expect.closeTo(0.011, 4) as number })
  })

  it('tells no seconds of a rate, and nothing where there is no axis', () => {
    expect(rates?.question.phase?.unit).toBe('iops')
    for (const { breakEvens } of rates?.avoid ?? []) expect(breakEvens).toEqual([null, null, null])
  })

  it('advises nothing where nothing was measured', () => {
    expect(
      adviceOf(matrixOf(summarize(run, []))).every(({ best, avoid }) => best.length + avoid.length === 0),
    ).toBe(true)
  })
})
