/** What a person sees while a run goes on: one live line at a terminal, a line a step elsewhere. Standard error only. */
import type { FromChild } from '../runner/messages.ts'

export interface Progress {
  show(message: FromChild): void
  /** Leaves the terminal as it was. */
  finish(): void
}

const SILENT: Progress = { show: () => undefined, finish: () => undefined }

export async function createProgress(stream: NodeJS.WriteStream, quiet: boolean): Promise<Progress> {
  if (quiet) return SILENT
  if (!stream.isTTY) return plainProgress(stream)
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(stream)
  const remaining = createEstimate()
  return {
    // Drawn only when the measuring process says something, which it does between trials: no timer ticks beside it.
    show(message) {
      const line = describe(message, remaining)
      if (line !== null) update(line.slice(0, stream.columns))
    },
    finish: () => update.clear(),
  }
}

function plainProgress(stream: NodeJS.WriteStream): Progress {
  const remaining = createEstimate()
  let round = -1
  return {
    show(message) {
      if (message.type === 'trial') {
        const left = remaining(message.done, message.total)
        if (message.round === round) return
        round = message.round
        stream.write(`round ${round + 1} of ${message.rounds}${left}\n`)
      } else {
        const line = describe(message, remaining)
        if (line !== null) stream.write(`${line}\n`)
      }
    },
    finish: () => undefined,
  }
}

function describe(message: FromChild, remaining: (done: number, total: number) => string): string | null {
  switch (message.type) {
    case 'preparing':
      return `preparing ${message.done + 1}/${message.total}  ${message.driver}: ${message.what}`
    case 'trial': {
      const left = remaining(message.done, message.total)
      return `round ${message.round + 1}/${message.rounds}  ${bar(message.done / message.total)} ${message.done}/${message.total}${left}  ${message.cell}`
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

/** From the mean time of the trials so far; nothing is said before there are some. */
function createEstimate(): (done: number, total: number) => string {
  let started: number | null = null
  return (done, total) => {
    started ??= Date.now()
    const finished = done - 1
    if (finished < 5) return ''
    const seconds = ((Date.now() - started) / finished / 1000) * (total - finished)
    return `, about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`
  }
}
