/** How a run is killed, and when. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MEASURE_COMMAND } from '../../../contracts/hidden-commands.ts'
import { childrenOf, commandLine, sendSignal } from '../../../linux/process.ts'
import { attachedLoops } from '../../../linux/sysfs.ts'
import { REPORT_FILE, SAMPLES_FILE } from '../../../results/run-folder.ts'

/** A run that goes on, and where it keeps things. */
export interface Victim {
  pid: number
  output: string
  scratch: string
  journals: string
}

/** Returns the process and all below it. */
export function treeOf(pid: number): number[] {
  const tree = [pid]
  for (const each of tree) tree.push(...(childrenOf(each) ?? []))
  return tree
}

const measuring = (tree: readonly number[]) =>
  tree.filter((pid) => commandLine(pid).includes(MEASURE_COMMAND))
/** The same; before any measures, the run itself, so that something is killed. */
const measuringOrRun = (pid: number) => {
  const found = measuring(treeOf(pid))
  return found.length === 0 ? [pid] : found
}
const strangers = (tree: readonly number[]) =>
  tree.filter((pid) => !/node|unshare|setpriv/.test(commandLine(pid)))

type Kill = (victim: Victim, random: () => number) => void

const kill = (pids: readonly number[], signal: NodeJS.Signals = 'SIGKILL') => {
  for (const pid of pids) sendSignal(pid, signal)
}
const one = (pids: readonly number[], random: () => number) =>
  pids.slice(Math.floor(random() * pids.length)).slice(0, 1)

/** First a signal that can be handled, then SIGKILL while it is. */
const after =
  (signal: NodeJS.Signals): Kill =>
  ({ pid }, random) => {
    kill([pid], signal)
    setTimeout(() => kill([pid]), Math.floor(random() * 300))
  }

/** What is killed, by its name. */
export const KINDS: Readonly<Record<string, Kill>> = {
  'the run': ({ pid }) => kill([pid]),
  'its measuring process': ({ pid }) => kill(measuringOrRun(pid).slice(-1)),
  'the first of its namespace': ({ pid }) => kill(measuringOrRun(pid).slice(0, 1)),
  'all that measure': ({ pid }) => kill(measuringOrRun(pid)),
  'run and measuring process': ({ pid }) => kill([pid, ...measuring(treeOf(pid))]),
  'all, from above': ({ pid }) => kill(treeOf(pid)),
  'all, from below': ({ pid }) => kill(treeOf(pid).toReversed()),
  'any of them': ({ pid }, random) => kill(one(treeOf(pid), random)),
  'a program of it': ({ pid }, random) => {
    const tree = treeOf(pid)
    kill(strangers(tree).length === 0 ? [pid] : one(strangers(tree), random))
  },
  'the run after SIGTERM': after('SIGTERM'),
  'the run after SIGINT': after('SIGINT'),
  'the run after SIGHUP': after('SIGHUP'),
  'a run that was stopped': ({ pid }) => {
    kill([pid], 'SIGSTOP')
    kill(treeOf(pid).slice(1))
    kill([pid])
  },
  'the measuring process, then the run': ({ pid }, random) => {
    kill(measuring(treeOf(pid)))
    setTimeout(() => kill([pid]), Math.floor(random() * 100))
  },
}

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const fileOf = (victim: Victim, name: string): string => {
  const [run = ''] = filesOf(victim.output)
  try {
    return readFileSync(join(victim.output, run, name), 'utf8')
  } catch {
    return ''
  }
}

/** Returns the whole lines of a run's samples. */
export const samplesOf = (victim: Victim) => fileOf(victim, SAMPLES_FILE).split('\n').slice(0, -1)

const below = (victim: Victim) => filesOf(victim.scratch).flatMap((run) => filesOf(join(victim.scratch, run)))

/** Whether the run has come to a phase, by its name. */
export const PHASES: Readonly<Record<string, (victim: Victim) => boolean>> = {
  'its beginning': () => true,
  'its journal': ({ journals }) => filesOf(journals).length > 0,
  'its folder': ({ output }) => filesOf(output).length > 0,
  'its measuring process': ({ pid }) => measuring(treeOf(pid)).length > 0,
  'its scratch': (victim) => below(victim).length > 0,
  'its loop devices': ({ scratch }) => attachedLoops().some(({ file }) => file.startsWith(scratch)),
  'its first sample': (victim) => samplesOf(victim).length >= 1,
  'its second sample': (victim) => samplesOf(victim).length >= 2,
  'its report': (victim) => {
    const [run = ''] = filesOf(victim.output)
    const names = filesOf(join(victim.output, run))
    return (
      names.some((name) => name.includes(REPORT_FILE)) ||
      /"state":\s*"completed"/.test(fileOf(victim, 'run.json'))
    )
  },
}
