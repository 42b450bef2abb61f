/** Gives generated input to `bench`, most of it in this process, and looks at what it says, takes and writes. */
import { performance } from 'node:perf_hooks'
import { makePlace } from '../../../cli/testing/bench.ts'
import { benchHere } from '../../../cli/testing/here.ts'
import { boundedBench } from '../bounded.ts'
import { differences, lookAround, type Manifest } from '../manifest.ts'
import { badLines, badText, firstLine } from '../refusals.ts'
import type { Answer } from '../table.ts'
import { inputCases, type InputCase } from './cases.ts'

const MOST_SECONDS = 20
const MOST_KIBIBYTES = 1_000_000
const SLOW = /^\d+ s$/
/** Every code but that of a bug; 128 is how `bench bisect` ends git bisect. */
const CODES = [0, 2, 3, 4, 5, 6, 7, 8, 128]
/** One case in this number is tried as a process. */
const PROCESS_EVERY = 50
/** Cases between two looks at the files of the sandbox. */
const LOOK_EVERY = 100
/** Where the places of the cases lie. */
const PLACES = '/var/tmp'

export interface Sink {
  begin(what: string): void
  end(answer: Answer): void
}

/** Tries the cases of a seed. To be called in the sandbox only. */
export async function tryInput(seed: number, sink: Sink): Promise<void> {
  // The folder itself changes with the first place in it.
  makePlace()[Symbol.dispose]()
  let before = look()
  for (const [index, each] of inputCases(seed).entries()) {
    const what = `${index} ${each.kind}`
    sink.begin(what)
    sink.end(await tryTwice(what, each, index % PROCESS_EVERY === 0))
    if ((index + 1) % LOOK_EVERY !== 0) continue
    const after = look()
    const written = differences(before, after)
    before = after
    if (written.length > 0)
      sink.end({
        what: `files after ${what}`,
        message: '',
        exit: 0,
        bad: written.map((name) => `wrote ${name}`),
      })
  }
}

function look(): Manifest {
  return lookAround({ loops: [], processes: [] }, [PLACES, '/tmp', '/root'])
}

/** Tries a case again that took too long: other work on the machine may be why. */
async function tryTwice(what: string, given: InputCase, asProcess: boolean): Promise<Answer> {
  const first = await tryOne(what, given, asProcess)
  return first.bad.some((each) => SLOW.test(each)) ? tryOne(`${what}, again`, given, asProcess) : first
}

async function tryOne(what: string, given: InputCase, asProcess: boolean): Promise<Answer> {
  using place = makePlace()

  const args = given.make(place.path)

  const begun = performance.now()
  const run = async () => {
    if (!asProcess) {
      const { code, stdout, stderr } = await benchHere(place, ...args)
      return { exit: code, stdout, stderr }
    }
    return boundedBench(MOST_SECONDS, place.state, args)
  }
  try {
    const { exit, stdout, stderr } = await run()
    const seconds = (performance.now() - begun) / 1000
    const bad = [
      ...badLines(stderr, exit, CODES),
      ...badText(stdout).map((each) => `${each} on standard output`),
    ]
    if (seconds > MOST_SECONDS) bad.push(`${seconds.toFixed(0)} s`)
    if (process.resourceUsage().maxRSS > MOST_KIBIBYTES) bad.push(`${process.resourceUsage().maxRSS} KiB`)
    const shown = bad.length === 0 ? what : `${what}: ${JSON.stringify(args).slice(0, 300)}`
    return { what: shown, message: firstLine(stderr).slice(0, 300), exit, bad }
  } catch (error) {
    return {
      what,
      message: '',
      exit: 1,
      bad: [`it threw ${error instanceof Error ? error.stack : String(error)}`],
    }
  }
}
