/** Runs commands on a host with one fault each, and looks at what they say. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sampleOf, smallRun } from '../../../testing/small-run.ts'
import { mountPointsBelow } from '../../../linux/mountinfo.ts'
import { bounded, type Ended } from '../bounded.ts'
import { FILES, makeNodes } from '../devices/workbench.ts'
import { PROGRAM } from '../program.ts'
import { badLines, badText, firstLine, NOT_ENDED } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { moments, STOPPED } from './moments.ts'
import { PLACES } from './places.ts'
import { hangs, lacks } from './programs.ts'

const LONGEST_SECONDS = 60
/** Longest time of a run that waits for a program that hangs. */
const LONGEST_HANG_SECONDS = 400
/** Every code but that of a bug. */
const CODES = [0, 2, 3, 4, 5, 6, 7, 8]
const HOST = '/var/tmp/host'
const RUN = `${HOST}/run`
/** On a disk, and not in memory as the rest of the sandbox. */
const SCRATCH = join(FILES, 'scratch')

interface Fault {
  what: string
  words: string[]
  env?: Record<string, string>
  /** Words before the program. */
  before?: string[]
  seconds?: number
  /** Exit codes that are right. */
  codes?: readonly number[]
  /** Words that start Node alone with this fault, to tell whether Node itself can live with it. */
  alone?: string[]
  /** Gives back what the fault took from the host. */
  giveBack?: () => void
}

/** Tries all faults. To be called in the sandbox only. */
export function tryFaults(begin: (what: string) => void, each: (answer: Answer) => void): void {
  makeNodes()
  bounded(5, ['mknod', '/dev/fuse', 'c', '10', '229'])
  for (const make of faults()) {
    mkdirSync(HOST, { recursive: true })
    makeRun()
    const fault = make()
    const { what, alone } = fault
    begin(what)
    const ended = run(fault)
    fault.giveBack?.()
    const answer = judge(what, ended, fault.codes)
    each(alone !== undefined && ended.exit === null ? withNodes(answer, alone) : answer)
    for (const path of mountPointsBelow(HOST)) bounded(10, ['umount', path])
    for (const path of [HOST, SCRATCH]) rmSync(path, { recursive: true, force: true })
  }
}

function makeRun(): void {
  mkdirSync(RUN)
  const given = smallRun()
  writeFileSync(join(RUN, 'run.json'), JSON.stringify(given))
  writeFileSync(join(RUN, 'samples.ndjson'), `${JSON.stringify(sampleOf(given, 0))}\n`)
}

function run({ words, env = {}, before = [], seconds = LONGEST_SECONDS }: Fault): Ended {
  const [program = process.execPath, ...rest] = [...before, process.execPath, PROGRAM, ...words]
  const state = { XDG_STATE_HOME: `${HOST}/state`, XDG_CONFIG_HOME: `${HOST}/config`, NO_COLOR: '1' }
  return bounded(seconds, [program, ...rest], { env: { ...state, ...env } })
}

function judge(what: string, { exit, stdout, stderr }: Ended, codes: readonly number[] = CODES): Answer {
  const journals = `${HOST}/state/bench/journal`
  const left = [...namesIn(journals), ...namesIn(SCRATCH)].map((name) => `left ${name}`)
  const bad = [...badLines(stderr, exit, codes), ...badText(stdout), ...left]
  return { what, message: firstLine(stderr), exit, bad }
}

/** A small stack kills Node in a part of the cases only: the kernel places the stack at random. */
const TRIES = 30

/** Returns the answer as expected where an empty program ends in the same way: it is Node's own, and not of bench. */
function withNodes(answer: Answer, [program = '', ...words]: readonly string[]): Answer {
  const empty = [program, ...words, process.execPath, '--eval', '0'] as const
  const isKilled = () => bounded(LONGEST_SECONDS, empty).exit === null
  if (!Array.from({ length: TRIES }).some(isKilled)) return answer
  const bad = answer.bad.filter((each) => each !== NOT_ENDED)
  return { ...answer, bad, expected: 'Node itself is killed, also without a program' }
}

function namesIn(path: string): string[] {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(path) : []
}

/** The smallest run; scratch and output are said by what is tried. */
const SMALLEST = ['--scenario', 'bigfile', '--set', 'size=1M', '--set', 'depth=0', '--set', 'image=tiny']
const QUICK = ['--calibration', 'none', '--rounds', '1', '--controls', 'off']
const runOf = (driver: string, ...more: readonly string[]) =>
  ['run', '--driver', driver].concat(SMALLEST, QUICK, more)
const runWith = (...more: readonly string[]) => runOf('bare', ...more)
const OUTPUT = ['--output', `${HOST}/output`]
const ON_DISK = ['--scratch', SCRATCH]

/** What is done with a place. */
const USES: Readonly<Record<string, (path: string) => Omit<Fault, 'what'>>> = {
  'the output of run': (path) => ({ words: runWith('--output', path, ...ON_DISK) }),
  'the scratch of run': (path) => ({ words: runWith(...OUTPUT, '--scratch', path) }),
  'the state of run': (path) => ({
    words: runWith(...OUTPUT, ...ON_DISK),
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

/** With fewer than 20 files Node itself does not get to load a program. */
const LIMITS = ['-n 24', '-n 32', '-n 40', '-n 64', '-n 128', '-f 0', '-f 8', '-s 64']
const LIMITED = [['report', RUN], ['list', 'scenarios'], ['clean'], runWith(...OUTPUT, ...ON_DISK)]
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
    alone: ['sh', '-c', script, 'sh'],
  })
  const limits = LIMITS.flatMap((limit) =>
    LIMITED.map((words) => shell(`ulimit ${limit}`, `ulimit ${limit}; exec "$@"`, words)),
  )
  const streams = STREAMS.flatMap((stream) =>
    LIMITED.map((words) => shell(`standard streams ${stream}`, `"$@" ${stream}`, words)),
  )
  const lacking = lacks().map(({ what, driver, take }) => () => ({
    what: `run of ${driver}: ${what}`,
    words: runOf(driver, ...OUTPUT, ...ON_DISK),
    giveBack: take(),
  }))
  const hanging = hangs().map(({ what, scenario, take }) => () => ({
    what: `run: ${what}`,
    words: [...runWith(...OUTPUT, ...ON_DISK), ...scenario],
    seconds: LONGEST_HANG_SECONDS,
    codes: [5],
    giveBack: take(),
  }))
  const signals = moments().map(({ what, before }) => () => ({
    what: `run: ${what}`,
    words: runWith(...OUTPUT, ...ON_DISK, '--rounds', '3'),
    before,
    codes: STOPPED,
  }))
  return [...places, ...limits, ...streams, ...lacking, ...signals, ...hanging]
}
