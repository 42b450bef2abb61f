/** The four answers in words, the same at the terminal and on pages. */
import type { AimedRatio } from '../summary/figures.ts'
import { formatAtLeast, formatDuration, plural } from './format.ts'

/** The four answers. */
export const ANSWERS: Readonly<Record<AimedRatio['answer']['is'], string>> = {
  dearer: 'dearer',
  cheaper: 'cheaper',
  same: 'about the same',
  open: 'not known yet',
}

/** Figures of a run from which the time of more rounds follows. */
export interface RoundTime {
  /** Seconds that a round takes; null where it is unknown. */
  secondsARound: number | null
}

/** `dearer, at least 160×`; `cheaper, at least 1.2×`; `about the same`; `not known yet (about 7 more rounds, 4 min)`. */
export function answerText({ answer, pairs }: Pick<AimedRatio, 'answer' | 'pairs'>, time: RoundTime): string {
  switch (answer.is) {
    case 'dearer':
    case 'cheaper':
      return `${answer.is}, at least ${formatAtLeast(answer.atLeast)}`
    case 'same':
      return ANSWERS.same
    case 'open': {
      const needed = answer.rounds === null ? '' : moreRounds(answer.rounds - pairs, time)
      return needed === '' ? ANSWERS.open : `${ANSWERS.open} (${needed})`
    }
  }
}

/** `about 7 more rounds, 4 min 10 s`; empty where it takes none. */
export function moreRounds(rounds: number, { secondsARound }: RoundTime): string {
  if (rounds <= 0) return ''
  const time = secondsARound === null ? '' : `, ${roughTime(rounds * secondsARound)}`
  return `about ${plural(rounds, 'more round')}${time}`
}

/** Whole minutes from two on: it is a guess. */
function roughTime(seconds: number): string {
  return formatDuration(seconds < 120 ? seconds : Math.ceil(seconds / 60) * 60).replace(/ 0 s$/, '')
}
