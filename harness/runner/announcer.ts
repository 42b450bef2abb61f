/** Announces a trial to the parent and waits until it has drawn it, so that nothing is drawn in a timed phase. */
import type { FromChild } from './messages.ts'

/** Longest wait for the parent, whose terminal may be held (Ctrl-S). It summarizes a large run in a few seconds. */
const PATIENCE_MILLISECONDS = 30_000

export interface Announcer {
  /** Sends the message. Resolves when the parent has drawn it, or after the patience; then no wait follows until it answers. */
  announce(message: FromChild): Promise<void>
  /** Notes the parent's answer. */
  drawn(): void
}

export function createAnnouncer(
  send: (message: FromChild) => void,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Announcer {
  let release: (() => void) | null = null
  /** Announcements that the parent has not answered. */
  let unanswered = 0
  return {
    async announce(message) {
      const isLate = unanswered > 0
      unanswered += 1
      send(message)
      if (isLate) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMilliseconds)
        release = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      release = null
    },
    drawn() {
      unanswered -= 1
      if (unanswered === 0) release?.()
    },
  }
}
