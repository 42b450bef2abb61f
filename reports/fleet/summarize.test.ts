import { describe, expect, it } from 'vitest'
import { rowSchema } from '../../harness/contracts/row.ts'
import { fixtureFleet } from '../testing/fixture-fleet.ts'
import { fleetRows } from './rows.ts'
import { fleetSentences } from './sentences.ts'
import { summarizeFleet } from './summarize.ts'

const options = { configurations: ['bare@ext4', 'overlay2@ext4'], scenarios: ['bigfile'] }
const { fleet, runs } = fixtureFleet(options)
const summary = summarizeFleet(fleet, runs)

describe('summarizeFleet', () => {
  it('has a row a configuration, in groups by parameters, with a cell a host that measured', () => {
    expect(summary.measured.map(({ name }) => name)).toEqual(['rack-1', 'lab-1'])
    const [first] = summary.groups
    expect(first?.rows.map(({ driver }) => driver.configuration)).toEqual([
      'bare@ext4',
      'overlay2@ext4',
      'devicemapper@ext4',
    ])
    for (const { rows } of summary.groups) {
      for (const { cells } of rows) expect(cells).toHaveLength(2)
    }
  })

  it('takes each figure from its own host alone', () => {
    for (const { rows } of summary.groups) {
      for (const [index, { summary: own }] of summary.measured.entries()) {
        for (const { cells } of rows) expect(own.cells).toContain(cells[index])
      }
    }
  })

  it('leaves the place empty where a host does not have the cell', () => {
    const fewer = runs.map((run, index) => (index === 0 ? run : { ...run, ...withoutLast(run) }))
    const last = summarizeFleet(fleet, fewer).groups.at(-1)?.rows.at(-1)
    expect(last?.cells.map((cell) => cell === null)).toEqual([false, true])
  })

  it('refuses a run of a host that the fleet does not name', () => {
    const stranger = runs.map((run) => ({ ...run, name: 'stranger' }))
    expect(() => summarizeFleet(fleet, stranger)).toThrow(/has a run of stranger but does not name it/)
  })
})

describe('fleetSentences', () => {
  it('says who is missing, who is emulated, and what differs, the kernels first', () => {
    expect(fleetSentences(summary).map(({ text }) => text)).toEqual([
      '2 of 4 hosts completed: rack-2 failed and rack-3 cannot be reached.',
      'lab-1: emulated CPU (QEMU TCG): compare only within the VM.',
      'Different kernels: 6.12.9-amd64 and 6.1.0-44-amd64.',
      'Different, too: Kind of machine, Processor, Processor cores and Frequency governor.',
      'Each host stands by itself: no figure is taken over several hosts.',
    ])
  })
})

describe('fleetSentences of several configurations', () => {
  it('say which is best on which host', () => {
    const every = fixtureFleet({ scenarios: ['bigfile'] })
    const texts = fleetSentences(summarizeFleet(every.fleet, every.runs)).map(({ text }) => text)
    expect(texts.join('\n')).toMatch(
      /^Changing one byte of a 256 MiB file: [\w@]+ is best so far on (rack-1|rack-1 and lab-1)/m,
    )
  })
})

describe('fleetRows', () => {
  it('has the rows of every host under its name', () => {
    const rows = fleetRows(summary)
    expect(new Set(rows.map(({ host }) => host))).toEqual(new Set(['rack-1', 'lab-1']))
    for (const row of rows) expect(rowSchema.strict().parse(row)).toEqual(row)
    expect(summary.samples).toBe(runs.reduce((sum, { samples }) => sum + [...samples].length, 0))
  })

  it('is empty for a fleet of which nothing was downloaded', () => {
    expect(fleetRows(summarizeFleet(fleet, []))).toEqual([])
  })
})

function withoutLast({ run, samples }: (typeof runs)[number]) {
  const last = run.cells.at(-1)?.id
  return {
    run: { ...run, cells: run.cells.slice(0, -1) },
    samples: [...samples].filter(({ cell }) => cell !== last),
  }
}
