/** Runs a command line in this process: nothing is built for it and no process is started. */
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { rooms, type Rooms } from '../../rooms.ts'
import { smallRun } from '../../testing/small-run.ts'
import { runCommandLine } from '../command-line.ts'
import { surroundings, type Ended, type Place } from './bench.ts'

// Loading all of it takes longer than a test may.
const nothing = { run: smallRun(), samples: [] }
await Promise.all([rooms.registry(), rooms.compare(nothing, nothing, { thresholds: {}, across: [] })])

/** Rooms that commands are given; for tests of a part of one. */
export const roomsHere: Rooms = rooms

/** Runs `bench` here. The place is the working folder meanwhile, and the home of its state, cache and configuration. One at a time. */
export async function benchHere(place: Place, ...args: readonly string[]): Promise<Ended> {
  const stdout = capture()
  const stderr = capture()
  using _ = pretend(place, args)
  const code = await runCommandLine(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    // A process that it starts would be another program.
    program: [place.at('no-program')],
    version: '0.0.0-test',
    ...rooms,
  })
  return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() }
}

function capture() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  // No terminal, so what it lacks of one is not asked for.
  return { stream: stream as NodeJS.WriteStream, text: () => Buffer.concat(chunks).toString() }
}

/** The working folder of tests; the one at each call may be the place of a test that ran into its limit, and gone by now. */
const HOME = resolve(import.meta.dirname, '../../..')

/** Gives this process the arguments, the working folder and the environment that a process of its own would have. */
function pretend(place: Place, args: readonly string[]): Disposable {
  const { argv } = process
  // A command that would go on in a mount namespace of its own stays here.
  const env = Object.entries({
    ...surroundings(place),
    XDG_CACHE_HOME: place.at('cache'),
    BENCH_PRIVATE_MOUNTS: '1',
  })
  const before = env.map(([name]) => [name, process.env[name]] as const)
  process.argv = [process.execPath, 'bench', ...args]
  process.chdir(place.path)
  for (const [name, value] of env) process.env[name] = value
  return {
    [Symbol.dispose]() {
      process.argv = argv
      process.chdir(HOME)
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    },
  }
}
