/** What a guest writes to its serial line, with the times at which its marks came. */
import { MARKS } from './machine.ts'

export interface Dialogue {
  /** Takes a piece, with the monotonic time (ns) at which it came. */
  hear(piece: string, at: bigint): void
  /** Resolves with the time (ns) at which the first process spoke. */
  readonly init: Promise<bigint>
  /** Resolves with the time (ns) of the first byte that the container wrote. */
  readonly firstByte: Promise<bigint>
  /** Returns what the container wrote and its exit code; null where it has not ended. */
  ended(): { output: string; exitCode: number } | null
}

export function createDialogue(): Dialogue {
  let heard = ''
  const init = moment()
  const firstByte = moment()
  const OUTPUT = `${MARKS.output}\n`
  return {
    hear(piece, at) {
      // A serial line ends lines as a terminal does.
      heard += piece.replaceAll('\r', '')
      if (heard.includes(`${MARKS.init}\n`)) init.came(at)
      const begin = heard.indexOf(OUTPUT)
      if (begin !== -1 && heard.length > begin + OUTPUT.length) firstByte.came(at)
    },
    init: init.time,
    firstByte: firstByte.time,
    ended() {
      const begin = heard.indexOf(OUTPUT)
      if (begin === -1) return null
      const rest = heard.slice(begin + OUTPUT.length)
      const exit = new RegExp(`${MARKS.exit} (\\d+)\\n`).exec(rest)
      return exit === null ? null : { output: rest.slice(0, exit.index), exitCode: Number(exit[1]) }
    },
  }
}

interface Moment {
  time: Promise<bigint>
  /** Is heeded the first time. */
  came(at: bigint): void
}

function moment(): Moment {
  let came: Moment['came'] = () => undefined
  const time = new Promise<bigint>((resolve) => (came = resolve))
  return { time, came: (at) => came(at) }
}
