/**
 * `npm run bench:faults -- [PART…] [--seed N] [--kills N] [--minutes N] [--all]`: tries to make `bench` harm, lose or mistake
 * something, in namespaces and folders of its own. Prints a table of the bad answers (`--all`: of all answers) and ends with 1
 * where there is one. Needs root.
 */
import { messageOf } from '../../contracts/error.ts'
import { isRoot } from '../../linux/privilege.ts'
import { parseArguments, type Arguments, type Part } from './arguments.ts'
import { answerTable, tally, type Answer } from './table.ts'

type TryPart = (given: Arguments) => Promise<Answer[]>

const TRIED: Readonly<Record<Part, () => Promise<TryPart>>> = {
  journals: async () => {
    const { journalAnswers } = await import('./journals/run-journals.ts')
    return ({ seed }) => journalAnswers(seed)
  },
  devices: () => fromSandbox('devices/in-sandbox.ts'),
  input: () => fromSandbox('input/in-sandbox.ts'),
  host: () => fromSandbox('host/in-sandbox.ts'),
  kills: () => fromNamespaces('kills/in-namespaces.ts'),
  soak: () => fromNamespaces('soak/in-namespaces.ts'),
}

/** Seconds of a part in the sandbox. */
const LONGEST = 1800

async function fromSandbox(module: string): Promise<TryPart> {
  const { answersFrom } = await import('./sandbox.ts')
  return ({ seed }) => answersFrom(module, [String(seed)], LONGEST)
}

/** Seconds to clean up after the last kill or run. */
const LAST = 600

async function fromNamespaces(module: string): Promise<TryPart> {
  const { answersInNamespaces } = await import('./namespaces.ts')
  return ({ seed, kills, minutes }) =>
    answersInNamespaces(module, [seed, kills, minutes].map(String), minutes * 60 + LAST)
}

const say = (text: string) => process.stdout.write(`${text}\n`)

async function main(): Promise<number> {
  const given = parseArguments(process.argv.slice(2), Date.now() % 1_000_000)
  if (!isRoot()) throw new Error('bench:faults needs root')
  say(`seed ${given.seed}`)
  let bad = 0
  for (const part of given.parts) {
    const answers = await (await TRIED[part]())(given)
    const worse = answers.filter((answer) => answer.bad.length > 0).length
    const isTold = answers.some((answer) => answer.bad.length > 0 || answer.expected !== undefined)
    if (isTold || given.all) say(answerTable(answers, given.all ? 'all' : 'bad'))
    say(tally(part, answers))
    bad += worse
  }
  return bad === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`bench:faults: ${messageOf(error)}\n`)
  process.exitCode = 1
}
