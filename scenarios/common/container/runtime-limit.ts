/** A limit for an OCI runtime that hangs: it is killed, and its cell alone has failed. */
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type { Host, Piped } from '../../../harness/contracts/host.ts'

/** How long a runtime may take for a verb, and a container from its creation to its end. Seconds. */
export const LIMIT_SECONDS = 120
/** How long one that hung once may take to take away what it has made. Seconds. */
const FAREWELL_SECONDS = 5
/** Looks in each limit. */
const LOOKS = 24
const MILLISECONDS = 1000

export interface LimitedHost extends Disposable {
  /** The host, whose programs of `pipe` are killed with all that they have started when they take too long. */
  host: Host
  /** The error of the first that took too long, or null. */
  hung(): BenchError | null
}

interface Started {
  piped: Piped
  what: string
  /** Milliseconds since the epoch of performance.now(). */
  at: number
}

/** How the error calls a program that hangs, and what it advises. */
export interface Limited {
  name(program: string, args: readonly string[]): string
  hint: string
}

const RUNTIME: Limited = {
  name: (program, args) => `${program} ${args[2] ?? ''}`,
  hint: 'try the runtime by hand; --set runtime=crun or runtime=runc takes another one',
}

/** Limits the programs that are started from now on. No timer is set when one is started: that may be timed. */
export function limitRuntime(host: Host, seconds: number, limited = RUNTIME): LimitedHost {
  const going = new Set<Started>()
  let hung: BenchError | null = null
  const timer = setInterval(look, (Math.min(seconds, FAREWELL_SECONDS * LOOKS) * MILLISECONDS) / LOOKS)

  function look(): void {
    const longest = hung === null ? seconds : Math.min(seconds, FAREWELL_SECONDS)
    for (const one of going) {
      if (performance.now() - one.at < longest * MILLISECONDS) continue
      hung ??= tookTooLong(one.what, longest, limited.hint)
      one.piped.kill()
    }
  }

  const pipe: Host['pipe'] = (program, args, options) => {
    const piped = host.pipe(program, args, options)
    const one = { piped, what: limited.name(program, args), at: performance.now() }
    going.add(one)
    void piped.ended.then(() => going.delete(one))
    return piped
  }
  return {
    host: withPipe(host, pipe),
    hung: () => hung,
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

function withPipe(host: Host, pipe: Host['pipe']): Host {
  return Object.create(host, { pipe: { value: pipe } }) as Host
}

function tookTooLong(what: string, seconds: number, hint: string): BenchError {
  return new BenchError(`${what} did not end within ${seconds} s and was killed`, {
    code: 'scenario.runtime-hung',
    hint,
    exitCode: ExitCode.cellFailed,
  })
}
