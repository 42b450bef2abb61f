/** Progress of a run for people: at a terminal a live display, elsewhere a line per step. Standard error only. */
import type { Standing } from '../contracts/report.ts'
import type { FromChild } from '../runner/messages.ts'
import { movesCursor } from '../terminal/color.ts'
import { visible } from '../terminal/visible.ts'
import { wrapText } from '../terminal/wrap-text.ts'
import type { Context } from './context.ts'
import type { Left } from '../runner/pace.ts'

export interface Progress {
  /** Resolves when the message is drawn; the measuring process begins no trial before that. */
  show(message: FromChild): Promise<void>
  /** Leaves the terminal as it was. */
  finish(): void
}

/** Returns how the run stands by the samples so far; null where that cannot be told. */
export type ReadStanding = () => Promise<Standing | null>

const SILENT: Progress = { show: async () => undefined, finish: () => undefined }

/** Lines of the standing at most: the display stays small, also on a narrow terminal. */
const MOST_STANDING_LINES = 3

/** `readStanding` is called after each round, and only where the standing is drawn. */
export async function createProgress(
  { stderr, live }: Pick<Context, 'stderr' | 'live'>,
  quiet: boolean,
  readStanding: ReadStanding = async () => null,
): Promise<Progress> {
  if (quiet) return SILENT
  if (!movesCursor(live)) return plainProgress(stderr)
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(live)
  let round = 0
  let standing: Standing | null = null
  let isFinished = false
  return {
    // Drawn only when the measuring process says something, and waits: no timer ticks beside it.
    async show(message) {
      if (message.type === 'trial' && message.round > round) {
        round = message.round
        standing = await readStanding()
      }
      const line = describe(message, standing)
      if (line !== null && !isFinished) update(linesOf(line, standing, live.columns).join('\n'))
    },
    finish() {
      isFinished = true
      update.clear()
    },
  }
}

/** Returns the line of the step, cut at the width, and who leads below it. */
function linesOf(line: string, standing: Standing | null, columns: number): string[] {
  const leaders =
    standing === null || standing.leaders === '' ? [] : wrapText(visible(standing.leaders), columns, '  ')
  return [visible(line), ...leaders.slice(0, MOST_STANDING_LINES)].map((text) => text.slice(0, columns))
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  let round = -1
  return {
    async show(message) {
      if (message.type === 'trial') {
        if (message.round === round) return
        round = message.round
        stream.write(`round ${round + 1}${remaining(message.left)}\n`)
      } else {
        const line = describe(message, null)
        if (line !== null) stream.write(`${line}\n`)
      }
    },
    finish: () => undefined,
  }
}

function describe(message: FromChild, standing: Standing | null): string | null {
  switch (message.type) {
    case 'preparing':
      return `preparing ${message.done + 1}/${message.total}  ${message.configuration}: ${message.what}`
    case 'calibrating':
      return `calibrating  ${message.what}`
    case 'trial': {
      const { done, left } = message
      const share = left === null ? '' : `${bar(done / (done + left.trials))} `
      const answers = standing === null || standing.answers === '' ? '' : `, ${standing.answers}`
      return `round ${message.round + 1}  ${share}${done} trials${remaining(left)}${answers}  ${message.cell}`
    }
    case 'warning':
      return `warning: ${message.warning.message}`
    default:
      return null
  }
}

const BAR_WIDTH = 20

function bar(share: number): string {
  const filled = Math.round(share * BAR_WIDTH)
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
}

function remaining(left: Left | null): string {
  if (left === null) return ''
  const { seconds } = left
  return `, about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`
}
