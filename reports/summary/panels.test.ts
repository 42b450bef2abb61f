import { describe, expect, it } from 'vitest'
import { fixtureRun } from '../testing/fixture-run.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { summarize } from './summarize.ts'

function panelsOf(params: Record<string, string>[]) {
  return summarize(smallRun(['control', 'driver'], params), []).panels
}

describe('panels', () => {
  it('put cells that differ in a size along an axis, in order of size', () => {
    const [panel, ...others] = panelsOf(['16M', '512', '1G'].map((size) => ({ size, touch: 'byte' })))
    expect(others).toEqual([])
    expect(panel?.axis).toMatchObject({ key: 'size', kind: 'size' })
    expect(panel?.axis?.values.map(({ text }) => text)).toEqual(['512', '16M', '1G'])
    expect(panel?.biggest.map(({ cell }) => cell.params['size'])).toEqual(['1G', '1G'])
  })

  it('part cells that differ in a word, and name what tells them apart', () => {
    const panels = panelsOf(
      ['byte', 'append'].flatMap((touch) => ['1M', '2M'].map((size) => ({ size, touch }))),
    )
    expect(panels.map(({ title }) => title)).toEqual(['touch byte', 'touch append'])
    expect(panels.map(({ cells }) => cells.length)).toEqual([4, 4])
  })

  it('hold a control that has fewer phases than the others, and its ratio of what each of them reports', () => {
    const run = smallRun(['control', 'driver'])
    run.cells = run.cells.map((cell) => (cell.control === null ? { ...cell, phases: ['sync', 'all'] } : cell))
    const samples = [smallSample('driver|', 1, { open: 3, sync: 1 }), smallSample('control|', 1, { sync: 2 })]
    const { panels, rows } = summarize(run, samples)
    expect(panels.map(({ cells }) => cells.length)).toEqual([2])
    const ratios = rows
      .filter(({ configuration }) => configuration === 'driver')
      .map(({ phase, ratio }) => [phase, ratio])
    expect(ratios).toEqual([
      ['open', null],
      ['sync', expect.closeTo(0.5, 10)],
      ['all', expect.closeTo(2, 10)],
    ])
  })

  it('take a plain number as an axis from three values on', () => {
    const three = panelsOf(['1', '4', '16'].map((processes) => ({ processes })))
    expect(three.map(({ axis }) => axis?.kind)).toEqual(['count'])
    const two = panelsOf(['1', '4'].map((processes) => ({ processes })))
    expect(two.map(({ axis, title }) => [axis, title])).toEqual([
      [null, '1'],
      [null, '4'],
    ])
  })

  it('take shares as an axis, beside words that are none', () => {
    const panels = panelsOf([
      ...['1M', '256M'].map((size) => ({ size, touch: 'byte' })),
      { size: '256M', touch: 'append' },
      ...['fraction:1', 'fraction:0.01', 'fraction:.1'].map((touch) => ({ size: '256M', touch })),
    ])
    expect(panels.map(({ axis, title }) => [axis?.key ?? null, title])).toEqual([
      ['size', 'touch byte'],
      [null, '256M,append'],
      ['touch', 'touch fraction'],
    ])
    expect(panels[2]?.axis).toMatchObject({ kind: 'share' })
    expect(panels[2]?.axis?.values.map(({ value }) => value)).toEqual([0.01, 0.1, 1])
  })

  it('let each kind of work have an axis of its own', () => {
    const panels = panelsOf([
      ...['1', '4', '16'].map((processes) => ({ work: 'append', processes, file: '512' })),
      ...['1M', '2M'].map((file) => ({ work: 'random', processes: '1', file })),
    ])
    expect(panels.map(({ axis }) => axis?.key)).toEqual(['processes', 'file'])
  })

  it('compare the fastest with the slowest by rounds, and leave out who pays elsewhere', () => {
    const { run, samples } = fixtureRun()
    const [bigfile] = summarize(run, samples).panels
    expect(bigfile?.extremes?.worst.cell.configuration).toBe('overlay2@xfs+reflink=off')
    expect(bigfile?.elsewhere.map(({ cell, phase }) => [cell.cell.configuration, phase.phase.id])).toEqual([
      ['vfs@ext4', 'prepare'],
    ])
    expect(bigfile?.extremes?.best.cell.configuration).not.toBe('vfs@ext4')
    expect(bigfile?.extremes?.ratio?.pairs).toBe(12)
  })

  it('fit the slope from 16 MiB up, below which fixed costs hide it', () => {
    const run = smallRun(
      ['control', 'driver'],
      ['1M', '16M', '256M'].map((size) => ({ size })),
    )
    const seconds: Record<string, number> = { '1M': 1, '16M': 1, '256M': 16 }
    const samples = Object.entries(seconds).map(([size, open]) =>
      smallSample(`driver|${size}`, 1, { open, sync: 0 }),
    )
    const slopes = summarize(run, samples).panels[0]?.slopes
    expect(slopes?.from.text).toBe('16M')
    expect(slopes?.of).toMatchObject([{ configuration: 'driver', slope: expect.closeTo(1, 10) }])
  })

  it('judge the extremes as picked out of all pairs of configurations', () => {
    const configurations = ['control', 'a', 'b', 'c', 'd']
    const run = smallRun(configurations)
    const samples = (rounds: number) =>
      Array.from({ length: rounds }, (_, round) =>
        configurations.map((configuration, nth) =>
          smallSample(`${configuration}|`, round, { open: nth + 1, sync: round / 1000 }),
        ),
      ).flat()
    const extremes = (rounds: number) => summarize(run, samples(rounds)).panels[0]?.extremes
    expect([extremes(8)?.best.cell.configuration, extremes(8)?.worst.cell.configuration]).toEqual(['a', 'd'])
    // Six pairs of four configurations: 6 × 2 ÷ 2⁷ is over 0.05, 6 × 2 ÷ 2⁸ under it.
    expect(extremes(7)?.ratio?.verdict).toBe('too-few-rounds')
    expect(extremes(8)?.ratio?.verdict).toBe('different')
  })

  it('leave out of the extremes who is measured again under a label', () => {
    const { run, samples } = fixtureRun({
      configurations: ['bare@ext4', 'overlay2@ext4', 'overlay2@ext4#again', 'vfs@ext4'],
      scenarios: ['smallwrites'],
    })
    const [append] = summarize(run, samples).panels
    const again = append?.cells.find(({ cell }) => cell.configuration === 'overlay2@ext4#again')
    expect(again?.control?.configuration).toBe('overlay2@ext4')
    expect(append?.extremes).toBeNull()
  })
})
