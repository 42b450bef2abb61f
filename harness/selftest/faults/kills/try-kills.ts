/** Kills runs at random moments, cleans up after them, and looks at what is left and what was lost. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makePlace, surroundings, type Place } from '../../../cli/testing/bench.ts'
import { mountPointsBelow } from '../../../linux/mountinfo.ts'
import { hasEnded } from '../../../linux/process.ts'
import { attachedLoops } from '../../../linux/sysfs.ts'
import { generator } from '../../../statistics/random.ts'
import { boundedBench } from '../bounded.ts'
import { PROGRAM } from '../program.ts'
import { badLines, firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { argumentsOf, driversHere, WORKLOADS } from './workloads.ts'
import { KINDS, PHASES, samplesOf, treeOf, type Victim } from './kinds.ts'

const SECONDS_TO_PHASE = 60
const SECONDS_TO_END = 20
const SECONDS_OF_RUN = 180

/** Tries `kills` kills or as many as end within `minutes`. */
export async function tryKills(
  kills: number,
  minutes: number,
  seed: number,
  each: (answer: Answer) => void,
): Promise<void> {
  const random = generator(seed)
  const until = Date.now() + minutes * 60_000
  const drivers = driversHere()
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T
  for (let index = 0; index < kills && Date.now() < until; index += 1) {
    const kind = Object.keys(KINDS)[index % Object.keys(KINDS).length] ?? ''
    const phase = pick(Object.keys(PHASES))
    const workload = ['--driver', drivers[index % drivers.length] ?? '', ...pick(WORKLOADS)]
    const what = `${workload[1]} ${workload[3]}: ${kind} at ${phase}`
    each(await tryKill(what, workload, kind, phase, random))
  }
}

async function tryKill(
  what: string,
  workload: readonly string[],
  kind: string,
  phase: string,
  random: () => number,
): Promise<Answer> {
  using place = makePlace()
  const rounds = phase === 'its report' ? 1 : 3
  const child = spawn(process.execPath, [PROGRAM, ...argumentsOf(place, workload, rounds)], {
    env: { ...process.env, ...surroundings(place) },
    stdio: 'ignore',
  })
  const pid = child.pid ?? 0
  const victim: Victim = {
    pid,
    output: place.output,
    scratch: place.scratch,
    journals: join(place.state, 'bench/journal'),
  }
  const arrived = PHASES[phase] ?? (() => true)
  await within(SECONDS_TO_PHASE, () => arrived(victim) || hasEnded(pid), 2)
  await sleep(random() * 50)
  const tree = treeOf(pid)
  const samples = samplesOf(victim)
  KINDS[kind]?.(victim, random)
  const bad: string[] = []
  if (!(await within(SECONDS_TO_END, () => tree.every(hasEnded)))) bad.push('processes are left')
  for (const each of tree.filter((one) => !hasEnded(one))) process.kill(each, 'SIGKILL')
  const cleaned = boundedBench(SECONDS_OF_RUN, place.state, ['clean'])
  bad.push(...badLines(cleaned.stderr, cleaned.exit, [0]), ...leftOf(victim))
  const lost = samples.filter((line) => !samplesOf(victim).includes(line)).length
  if (lost > 0) bad.push(`${lost} samples lost`)
  bad.push(...nextRun(place, workload))
  return {
    what: `${what} (${samples.length} samples)`,
    message: firstLine(cleaned.stderr),
    exit: cleaned.exit,
    bad,
  }
}

function leftOf({ scratch, journals, output }: Victim): string[] {
  const left: string[] = []
  if (existsSync(journals)) left.push(...readdirSync(journals).map((name) => `left journal ${name}`))
  left.push(...readdirSync(scratch).map((name) => `left scratch ${name}`))
  const loops = attachedLoops().filter(({ file }) => file.startsWith(scratch))
  left.push(...loops.map(({ name }) => `left ${name}`))
  const runs = readdirSync(output)
  const folders = [scratch, ...runs.map((run) => join('/run/bench', run.slice(-4)))]
  left.push(...folders.flatMap((folder) => mountPointsBelow(folder)).map((path) => `left mount ${path}`))
  left.push(
    ...folders
      .slice(1)
      .filter((path) => existsSync(path))
      .map((path) => `left ${path}`),
  )
  for (const run of runs) {
    if (!existsSync(join(output, run, 'run.json'))) continue
    try {
      JSON.parse(readFileSync(join(output, run, 'run.json'), 'utf8'))
    } catch {
      left.push('run.json is torn')
    }
  }
  return left
}

/** The same run on the same scratch has to work after it. */
function nextRun(place: Place, workload: readonly string[]): string[] {
  const { exit, stderr } = boundedBench(SECONDS_OF_RUN, place.state, argumentsOf(place, workload, 1))
  return exit === 0 ? [] : [`the next run ended with ${exit}: ${stderr.trim().split('\n').at(-1)}`]
}

async function within(seconds: number, isSo: () => boolean, every = 20): Promise<boolean> {
  const until = Date.now() + seconds * 1000
  while (!isSo()) {
    if (Date.now() > until) return false
    await sleep(every)
  }
  return true
}
