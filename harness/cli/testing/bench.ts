/** Runs the built program as a process, in a place of its own. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'

const REPOSITORY = resolve(import.meta.dirname, '../../..')
export const PROGRAM = join(REPOSITORY, 'dist/harness/main.js')
/** No command of these tests takes a tenth of it on an idle machine. */
const LONGEST_MILLISECONDS = 90_000

/** Folders of one test: nothing of it touches the journals, runs or scratch of the user. */
export interface Place extends Disposable {
  readonly path: string
  /** XDG_STATE_HOME. */
  readonly state: string
  readonly scratch: string
  readonly output: string
  at(name: string): string
}

/** On a disk, since scratch in memory is refused. */
export function makePlace(): Place {
  const path = mkdtempSync('/var/tmp/bench-test-')
  const at = (name: string) => join(path, name)
  for (const name of ['state', 'scratch', 'output']) mkdirSync(at(name))
  return {
    path,
    state: at('state'),
    scratch: at('scratch'),
    output: at('output'),
    at,
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Everything below a folder, sorted. */
export function treeOf(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).toSorted()
}

/** Returns the environment in which all that `bench` keeps lies in the place, but for images and bundles. */
export function surroundings(place: Place): Record<string, string> {
  return { XDG_STATE_HOME: place.state, XDG_CONFIG_HOME: place.at('config'), NO_COLOR: '1' }
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Running {
  readonly pid: number
  /** Standard error so far. */
  stderr(): string
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** Starts `bench` with these arguments. It is killed when it takes much too long. */
export function startBench(
  place: Place,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  longest: number = LONGEST_MILLISECONDS,
): Running {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: npm run build makes it`)
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: place.path,
    env: {
      ...process.env,
      ...surroundings(place),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const timer = setTimeout(() => child.kill('SIGKILL'), longest)
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      done({ code, signal, ...output })
    })
  })
  return {
    pid: child.pid ?? 0,
    stderr: () => output.stderr,
    kill: (signal) => void child.kill(signal),
    ended,
  }
}

export function bench(place: Place, ...args: readonly string[]): Promise<Ended> {
  return startBench(place, args).ended
}

/** `run` on the smallest input there is: a file of 1 MiB in an image of one layer; without the calibration's seconds. */
export function smallestRun(place: Place, driver: string, ...more: readonly string[]): string[] {
  const where = ['--output', place.output, ...more]
  return [
    'run',
    '--driver',
    driver,
    '--scenario',
    'bigfile',
    '--set',
    'size=1M',
    '--set',
    'depth=0',
    '--calibration',
    'none',
    ...where,
  ]
}
