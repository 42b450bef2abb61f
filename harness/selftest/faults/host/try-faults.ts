/** Runs commands on a host with one fault each, and looks at what they say. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleOf, smallRun } from '../../../testing/small-run.ts'
import { mountPointsBelow } from '../../../linux/mountinfo.ts'
import { bounded, type Ended } from '../bounded.ts'
import { PROGRAM } from '../program.ts'
import { badLines, badText, firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { PLACES } from './places.ts'

const LONGEST_SECONDS = 60
/** Every code but that of a bug. */
const CODES = [0, 2, 3, 4, 5, 6, 7, 8]
const HOST = '/var/tmp/host'
const RUN = `${HOST}/run`

interface Fault {
  what: string
  words: string[]
  env?: Record<string, string>
  /** Words before the program. */
  before?: string[]
}

/** Tries all faults. To be called in the sandbox only. */
export function tryFaults(begin: (what: string) => void, each: (answer: Answer) => void): void {
  for (const make of faults()) {
    mkdirSync(HOST, { recursive: true })
    makeRun()
    const { what, words, env = {}, before = [] } = make()
    begin(what)
    each(judge(what, run(words, env, before)))
    for (const path of mountPointsBelow(HOST)) bounded(10, ['umount', path])
    rmSync(HOST, { recursive: true, force: true })
  }
}

function makeRun(): void {
  mkdirSync(RUN)
  const given = smallRun()
  writeFileSync(join(RUN, 'run.json'), JSON.stringify(given))
  writeFileSync(join(RUN, 'samples.ndjson'), `${JSON.stringify(sampleOf(given, 0))}\n`)
}

function run(words: readonly string[], env: Record<string, string>, before: readonly string[]): Ended {
  const [program = process.execPath, ...rest] = [...before, process.execPath, PROGRAM, ...words]
  const state = { XDG_STATE_HOME: `${HOST}/state`, XDG_CONFIG_HOME: `${HOST}/config`, NO_COLOR: '1' }
  return bounded(LONGEST_SECONDS, [program, ...rest], { env: { ...state, ...env } })
}

function judge(what: string, { exit, stdout, stderr }: Ended): Answer {
  const journals = `${HOST}/state/bench/journal`
  const left = existsSync(journals) ? readdirSync(journals).map((name) => `left journal ${name}`) : []
  const bad = [...badLines(stderr, exit, CODES), ...badText(stdout), ...left]
  return { what, message: firstLine(stderr), exit, bad }
}

/** The smallest run; scratch and output are said by what is tried. */
const SMALLEST = ['run', '--driver', 'bare', '--scenario', 'bigfile', '--set', 'size=1M', '--set', 'depth=0']
const runWith = (...more: readonly string[]) => [
  ...SMALLEST,
  '--calibration',
  'none',
  '--rounds',
  '1',
  ...more,
]

/** What is done with a place. */
const USES: Readonly<Record<string, (path: string) => Omit<Fault, 'what'>>> = {
  'the output of run': (path) => ({ words: runWith('--output', path) }),
  'the scratch of run': (path) => ({ words: runWith('--output', `${HOST}/output`, '--scratch', path) }),
  'the state of run': (path) => ({
    words: runWith('--output', `${HOST}/output`),
    env: { XDG_STATE_HOME: path },
  }),
  'the run of report': (path) => ({ words: ['report', path] }),
  'the plan of plan': (path) => ({ words: ['plan', '--plan', path] }),
  'the page of compare': (path) => ({ words: ['compare', RUN, RUN, '--output', path] }),
  'the state of clean': (path) => ({ words: ['clean'], env: { XDG_STATE_HOME: path } }),
  'the configuration of host add': (path) => ({
    words: ['host', 'add', 'a', 'b'],
    env: { XDG_CONFIG_HOME: path },
  }),
}

const LIMITS = ['-n 12', '-n 20', '-n 40', '-f 0', '-f 8', '-u 0', '-s 64']
const LIMITED = [['report', RUN], ['list', 'scenarios'], ['clean'], runWith('--output', `${HOST}/output`)]
const STREAMS = ['>/dev/full', '>&-', '2>/dev/full', '2>&-', '</dev/full <&-', '| head -c 1']

/** Returns the faults; each is made when it is tried. */
function faults(): (() => Fault)[] {
  const places = Object.entries(USES).flatMap(([use, words]) =>
    Object.entries(PLACES).map(([wrong, make]) => () => ({ what: `${use} ${wrong}`, ...words(make(HOST)) })),
  )
  const shell = (what: string, script: string, words: string[]) => () => ({
    what: `${words[0]} with ${what}`,
    words,
    before: ['sh', '-c', script, 'sh'],
  })
  const limits = LIMITS.flatMap((limit) =>
    LIMITED.map((words) => shell(`ulimit ${limit}`, `ulimit ${limit}; exec "$@"`, words)),
  )
  const streams = STREAMS.flatMap((stream) =>
    LIMITED.map((words) => shell(`standard streams ${stream}`, `"$@" ${stream}`, words)),
  )
  return [...places, ...limits, ...streams]
}
