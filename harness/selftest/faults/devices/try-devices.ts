/** Names devices to `bench run` that it has to refuse, one after the other, and looks at the bytes of every disk. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { boundedBench, type Ended } from '../bounded.ts'
import { badLines, firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { contents, type NamedDisk } from './contents.ts'
import { NODES } from './nodes.ts'
import { STATES, WAYS, type State } from './states.ts'
import { SWAPS } from './swaps.ts'
import { makeNode, makeNodes, sumsOfFiles, Workbench } from './workbench.ts'

const LONGEST_SECONDS = 60
/** The file of the first disk that a case makes: of a swap, the one that was named and may be written. */
const NAMED = '1.disk'

/** Tries all cases. To be called in the sandbox only. */
export async function tryDevices(each: (answer: Answer) => void): Promise<void> {
  makeNodes()
  for (const disk of [...contents(), ...NODES]) await caseOf(disk.what, each, () => [disk])
  for (const state of STATES) await caseOf(state.what, each, () => waysOf(state))
  for (const { what, make } of SWAPS) {
    using bench = new Workbench()
    const { device, programs } = make(bench)
    const PATH = `${programs}:${process.env['PATH']}`
    each(judge(what, () => run(device, [], { PATH }), 'may run'))
  }
  using bench = new Workbench()
  const disk = bench.disk()
  const before = sumsOfFiles()
  const { exit, stderr } = withNodes(basename(disk), () => run(disk))
  const same = differing(before).length === 0
  const bad = [...(exit === 0 ? [] : [`exit code ${exit}`]), ...(same ? ['nothing was written'] : [])]
  each({ what: 'the control: a disk that is right', message: firstLine(stderr), exit, bad })
}

type Way = NamedDisk & Pick<State, 'writtenByKernel'> & { way?: (bench: Workbench, device: string) => string }

function waysOf(state: State): Way[] {
  return Object.entries(WAYS).map(([name, way]) => ({ ...state, what: `${state.what}, by ${name}`, way }))
}

/** Makes the disk once, and names it in each way. */
async function caseOf(what: string, each: (answer: Answer) => void, ways: () => Way[]): Promise<void> {
  using bench = new Workbench()
  const tried = ways()
  let device: string
  try {
    device = (await tried[0]?.make(bench)) ?? ''
  } catch (error) {
    each({ what, message: '', exit: 0, bad: [`not tried: ${String(error)}`] })
    return
  }
  for (const { what: name, way, destroy, writtenByKernel } of tried) {
    const path = way?.(bench, device) ?? device
    const words = destroy === undefined ? [] : ['--destroy', destroy(bench, device)]
    const answer = judge(name, () => run(path, words), 'is refused')
    each(without(answer, writtenByKernel?.(device) ?? null))
  }
}

/** Returns the answer without the writes of the kernel, which it names. */
function without(answer: Answer, byKernel: string | null): Answer {
  const bad = answer.bad.filter((each) => each !== `touched ${NAMED}`)
  return byKernel === null || bad.length === answer.bad.length
    ? answer
    : { ...answer, bad, expected: byKernel }
}

let runs = 0

function run(
  device: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const state = `/state/${(runs += 1)}`
  mkdirSync(state, { recursive: true })
  const smallest = ['--driver', 'bare', '--scenario', 'bigfile', '--set', 'size=1M', '--set', 'depth=0']
  const quick = ['--calibration', 'none', '--rounds', '1', '--output', `${state}/output`]
  const ended = boundedBench(
    LONGEST_SECONDS,
    state,
    ['run', ...smallest, ...quick, '--device', device, ...more],
    env,
  )
  // A refused run has no journal.
  if (existsSync(`${state}/bench/journal`)) boundedBench(LONGEST_SECONDS, state, ['clean'])
  return ended
}

function judge(what: string, work: () => Ended, wanted: 'is refused' | 'may run'): Answer {
  const before = sumsOfFiles()
  const { exit, stderr } = work()
  const touched = differing(before).filter((name) => wanted === 'is refused' || name !== NAMED)
  const bad = wanted === 'may run' && exit === 0 ? [] : badLines(stderr, exit, [2, 4])
  return {
    what,
    message: firstLine(stderr),
    exit,
    bad: [...bad, ...touched.map((name) => `touched ${name}`)],
  }
}

function differing(before: ReadonlyMap<string, string>): string[] {
  const after = sumsOfFiles()
  return [...before].flatMap(([name, sum]) => (after.get(name) === sum ? [] : [name]))
}

/** Makes the nodes of a disk's partitions while something runs, as udev would. */
function withNodes<T>(disk: string, work: () => T): T {
  const script = `while sleep 0.1; do for each in /sys/class/block/${disk}p*; do [ -e "$each/dev" ] || continue
    node=/dev/\${each##*/}; [ -e $node ] || mknod $node b $(tr : ' ' <$each/dev); done; done`
  const child = spawn('sh', ['-c', script], { stdio: 'ignore' })
  try {
    return work()
  } finally {
    child.kill('SIGKILL')
    for (const name of readdirSync('/sys/class/block').filter((each) => each.startsWith(`${disk}p`))) {
      if (existsSync(`/dev/${name}`)) makeNode(name)
    }
  }
}
