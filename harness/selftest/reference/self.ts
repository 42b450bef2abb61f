/**
 * `npm run bench:self`: how quick and how exact the harness itself is, each figure beside its reference in the same run.
 * A composition root of its own, beside `harness/main.ts`. Run it in a private mount namespace.
 */
import { drivers } from '../../../drivers/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { textTable } from '../../terminal/text-table.ts'
import { compareDesigns, inTurn, sizeFor, type Comparison, type DesignResult } from '../validation/designs.ts'
import { recordStarts } from './designs.ts'
import { measureDuty } from './duty.ts'
import { planDuty } from './duty-plan.ts'
import { compareFio } from './fio.ts'
import { compareLimit } from './limit.ts'
import { millisecondsText, ratioOf, ratioText, type Pairs } from './pairs.ts'
import { openWorkspace } from './workspace.ts'
import { USUAL } from './plans.ts'
import { compareSnapshots } from './snapshots.ts'
import { compareStartup } from './startup.ts'

const registry = { drivers, scenarios }
const FIO_PAIRS = 30
const STARTUP_PAIRS = 40
const LIMIT_PAIRS = 1000
const SNAPSHOT_PAIRS = 40
const POWER = 0.8
/** The true difference of the designs' experiments. */
const DIFFERENCE = 1.05
/** Some twenty minutes. */
const MOST_STARTS = 6000

interface Line {
  what: string
  against: string
  /** Result, with its interval where it has one. */
  found: string
  wanted: string
  met: boolean
}

const PARTS: Readonly<Record<string, () => Promise<Line[]>>> = {
  fio,
  startup,
  limit,
  snapshots,
  designs,
  duty,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((part) => !(part in PARTS))
if (unknown.length > 0) {
  process.stderr.write(
    `bench:self: there is no part ${unknown[0]}; there are ${Object.keys(PARTS).join(', ')}\n`,
  )
  process.exit(2)
}
const lines: Line[] = []
for (const [part, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(part)) continue
  process.stderr.write(`${part} …\n`)
  lines.push(...(await measure()))
}
const rows = lines.map(({ what, against, found, wanted: bound, met }) => [
  what,
  against,
  found,
  bound,
  met ? 'met' : 'not met',
])
process.stdout.write(`${textTable(['what', 'against', 'found', 'wanted', ''], rows)}\n`)

async function fio(): Promise<Line[]> {
  const { iops, p99 } = await compareFio(registry, USUAL, FIO_PAIRS)
  const line = (what: string, pairs: Pairs): Line => {
    const ratio = ratioOf(pairs)
    return {
      what: `smallwrites random-write, ${what}`,
      against: 'fio by hand, same job, same kind of mount',
      found: `${ratioText(ratio)}, ${FIO_PAIRS} pairs`,
      wanted: '0.97–1.03',
      met: ratio !== null && Math.abs(ratio.ratio - 1) <= 0.03,
    }
  }
  return [line('IOPS', iops), line('p99 of fsync', p99)]
}

async function startup(): Promise<Line[]> {
  const { shell, hyperfine } = await compareStartup(registry, STARTUP_PAIRS)
  return (['shell', 'hyperfine'] as const).map((name) => {
    const pairs = { shell, hyperfine }[name]
    const ratio = ratioOf(pairs)
    return {
      what: 'startup, prepare to exit',
      against: name === 'shell' ? 'a shell loop, same bundle and runtime' : 'the same script by hyperfine',
      found: `${ratioText(ratio)}; ${times(pairs)}`,
      wanted: '≤ 1.03',
      met: ratio !== null && ratio.ratio <= 1.03,
    }
  })
}

async function limit(): Promise<Line[]> {
  const pairs = await compareLimit(LIMIT_PAIRS)
  const ratio = ratioOf(pairs)
  return [
    {
      what: 'a program that does nothing, under the limit of a runtime',
      against: 'the same program without the limit',
      found: `${ratioText(ratio)}, ${LIMIT_PAIRS} pairs; ${times(pairs)}`,
      wanted: '≤ 1.01',
      met: ratio !== null && ratio.ratio <= 1.01,
    },
  ]
}

async function snapshots(): Promise<Line[]> {
  const pairs = await compareSnapshots(registry, SNAPSHOT_PAIRS)
  const ratio = ratioOf(pairs)
  const factor = ratio === null ? Number.NaN : 1 / ratio.ratio
  return [
    {
      what: `prepare + mount + umount + remove, ${USUAL}`,
      against: 'the containers-storage command line',
      found: `${factor.toFixed(1)} times as fast; ${times(pairs)}`,
      wanted: '≥ 10 times',
      met: factor >= 10,
    },
  ]
}

async function designs(): Promise<Line[]> {
  const look = (series: readonly number[]) => compareDesigns(series, DIFFERENCE, POWER)
  const series = await recordStarts(registry, MOST_STARTS, (sofar) => look(sofar) !== null)
  const compared = look(series)
  return [
    {
      what: `establish a true 5 % (power ${POWER}) under drifting load, in turn`,
      against: 'all of A, then all of B, with twice as many samples',
      found: compared === null ? tooShort(series) : describeDesigns(compared),
      wanted: `no power of ${POWER} there`,
      met: compared !== null && compared.sequence.power < POWER,
    },
  ]
}

function tooShort(series: readonly number[]): string {
  const turns = sizeFor(inTurn, series, DIFFERENCE, POWER)
  const reached = turns === null ? 'nothing' : `power ${turns.power.toFixed(2)} with ${turns.size} of each`
  return `${series.length} starts were too few to tell: in turn ${reached}`
}

function describeDesigns({ turns, sequence }: Comparison): string {
  const describe = ({ size, power, falseAlarms }: DesignResult) =>
    `${size} of each: power ${power.toFixed(2)}, false alarms ${(100 * falseAlarms).toFixed(1)} %`
  return `in turn ${describe(turns)}; in sequence ${describe(sequence)}`
}

async function duty(): Promise<Line[]> {
  using workspace = openWorkspace()
  const { words, leftOut } = await planDuty(workspace.host, registry)
  const { wall, measured, later, rest, rounds, stopped } = await measureDuty(workspace, words)
  const share = (seconds: number, of = wall) => `${((100 * seconds) / of).toFixed(1)} %`
  const others = [...rest].toSorted(([, a], [, b]) => b - a)
  const what = `bench run ${words.join(' ')}${leftOut === null ? '' : ` (${leftOut})`}`
  const half = '≥ 50 %'
  return [
    {
      what,
      against: `its wall time, ${Math.round(wall)} s, ${rounds} rounds, ended by ${stopped ?? 'nothing'}`,
      found: `${share(measured)} measured; ${others.map(([name, seconds]) => `${name} ${share(seconds)}`).join(', ')}`,
      wanted: half,
      met: measured >= wall / 2,
    },
    {
      what: 'the same run, as a longer one tends to be',
      against: `its trials after the first round, ${Math.round(later.trials)} s, without what is done once`,
      found: later.trials === 0 ? 'no second round' : `${share(later.measured, later.trials)} measured`,
      wanted: half,
      met: later.trials > 0 && later.measured >= later.trials / 2,
    },
  ]
}

function times({ harness, reference }: Pairs): string {
  return `${millisecondsText(harness.values())} against ${millisecondsText(reference.values())}`
}
