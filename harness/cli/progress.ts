/** Progress of a run for people: one live line at a terminal, a line per step elsewhere. Standard error only. */
import type { FromChild } from '../runner/messages.ts'
import { movesCursor } from '../terminal/color.ts'
import { visible } from '../terminal/visible.ts'
import type { Context } from './context.ts'
import type { Left } from '../runner/pace.ts'

export interface Progress {
  show(message: FromChild): void
  /** Leaves the terminal as it was. */
  finish(): void
}

const SILENT: Progress = { show: () => undefined, finish: () => undefined }

export async function createProgress(
  { stderr, live }: Pick<Context, 'stderr' | 'live'>,
  quiet: boolean,
): Promise<Progress> {
  if (quiet) return SILENT
  if (!movesCursor(live)) return plainProgress(stderr)
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(live)
  return {
    // Drawn only when the measuring process says something, which it does between trials: no timer ticks beside it.
    show(message) {
      const line = describe(message)
      if (line !== null) update(visible(line).slice(0, live.columns))
    },
    finish: () => update.clear(),
  }
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  let round = -1
  return {
    show(message) {
      if (message.type === 'trial') {
        if (message.round === round) return
        round = message.round
        stream.write(`round ${round + 1}${remaining(message.left)}\n`)
      } else {
        const line = describe(message)
        if (line !== null) stream.write(`${line}\n`)
      }
    },
    finish: () => undefined,
  }
}

function describe(message: FromChild): string | null {
  switch (message.type) {
    case 'preparing':
      return `preparing ${message.done + 1}/${message.total}  ${message.configuration}: ${message.what}`
    case 'calibrating':
      return `calibrating  ${message.what}`
    case 'trial': {
      const { done, left } = message
      const share = left === null ? '' : `${bar(done / (done + left.trials))} `
      return `round ${message.round + 1}  ${share}${done} trials${remaining(left)}  ${message.cell}`
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
