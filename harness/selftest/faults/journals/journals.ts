/** Lays hostile journals before `bench clean`, one after the other, and looks at what it touched. */
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clean } from '../../../cli/clean.ts'
import { BenchError } from '../../../contracts/error.ts'
import { begin, record, writeJournal, type HostileJournal, type Spot } from './hostile.ts'
import { hostileContents } from './hostile-contents.ts'
import { hostileEntries } from './hostile-entries.ts'
import { hostileFiles } from './hostile-files.ts'
import { hostileMixtures } from './hostile-mixtures.ts'
import { hostileOwners } from './hostile-owners.ts'
import { differences, lookAround } from '../manifest.ts'
import { NEIGHBOUR, RUN, SCRATCH, type World } from '../world.ts'

/** Journals for each kind of damage. */
const MIXTURES = 15

interface Answer {
  /** What was said on standard error, or what was thrown. */
  message: string
  exit: number
}

/** What became of one. */
export interface Row extends Answer {
  kind: string
  /** What is not as it was, though it is none of the run's. */
  touched: readonly string[]
  /** What else is not as it has to be: empty for a good answer. */
  wrong: readonly string[]
}

/** Returns all hostile journals, the same ones for the same seed. */
export function hostileJournals(seed: number): HostileJournal[] {
  const entries = hostileEntries()
  const others = [...hostileOwners(), ...hostileFiles(), ...hostileContents()]
  return [...entries, ...others, ...hostileMixtures(entries, MIXTURES, seed)]
}

/** Tries each hostile journal. To be called in the sandbox only. */
export async function tryJournals(world: World, seed: number, each: (row: Row) => void): Promise<void> {
  for (const [index, hostile] of hostileJournals(seed).entries())
    each(await tryJournal(world, hostile, index))
}

async function tryJournal(world: World, hostile: HostileJournal, index: number): Promise<Row> {
  const state = `/state/${index}`
  const directory = join(state, 'bench/journal')
  const spot: Spot = { world, directory, path: join(directory, `${RUN}.ndjson`), own: join(SCRATCH, RUN) }
  const neighbour = { own: join(SCRATCH, NEIGHBOUR), path: join(directory, `${NEIGHBOUR}.ndjson`) }
  for (const own of [spot.own, neighbour.own]) {
    mkdirSync(own, { recursive: true })
    writeFileSync(join(own, '0.img'), 'scratch')
  }
  writeJournal(neighbour.path, [
    begin({ run: NEIGHBOUR }),
    record({ kind: 'directory', path: neighbour.own }),
  ])
  hostile.plant(spot)
  const without = [spot.own, neighbour.own, '/state']
  const before = lookAround(world, without)
  const answer = await answerOf(state)
  const touched = differences(before, lookAround(world, without))
  const neighbourStays = hostile.kind.startsWith('folder: ')
  const wrong = [
    ...badAnswers(answer),
    ...unwanted(hostile, spot, answer.exit),
    ...(existsSync(neighbour.own) === neighbourStays ? [] : ['what became of the run beside it']),
  ]
  hostile.uproot?.(spot)
  if (existsSync(directory)) chmodSync(directory, 0o700)
  for (const path of [state, spot.own, neighbour.own]) rmSync(path, { recursive: true, force: true })
  return { kind: hostile.kind, ...answer, touched, wrong }
}

function badAnswers({ exit, message }: Answer): string[] {
  const shown = message.replaceAll('\n', '')
  return [
    ...(exit === 0 || exit === 6 ? [] : [`exit code ${exit}`]),
    ...(exit === 6 && message === '' ? ['nothing was said'] : []),
    ...(/[\p{Cc}\p{Bidi_Control}]/u.test(shown) ? ['control characters were said'] : []),
  ]
}

function unwanted({ wanted }: HostileJournal, { path, own }: Spot, exit: number): string[] {
  if (wanted === null) return []
  const found = {
    exit,
    journal: isThere(path) ? 'stays' : 'goes',
    own: existsSync(own) ? 'stays' : 'goes',
  }
  const [is, ought] = [JSON.stringify(found), JSON.stringify(wanted)]
  return is === ought ? [] : [`${is}, not ${ought}`]
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

async function answerOf(state: string): Promise<Answer> {
  process.env['XDG_STATE_HOME'] = state
  let said = ''
  const stderr = { write: (text: string) => (said += text) }
  try {
    const exit = await clean({ stdout: { write: () => true }, stderr })
    return { exit, message: said.trim() }
  } catch (error) {
    if (error instanceof BenchError) return { exit: error.exitCode, message: `bench: ${error.message}` }
    return { exit: 1, message: `a bug: ${error instanceof Error ? error.stack : String(error)}` }
  }
}

/** Returns the message's first line for a table, in which it does not matter where the journals lay. */
export function shortMessage({ message }: Row): string {
  return message.split('\n')[0]?.replaceAll(/\/state\/\d+\/bench\/journal/g, '…') ?? ''
}
