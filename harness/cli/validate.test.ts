import { describe, expect, test } from 'vitest'
import { answerOf } from './validate.ts'

/** What a validation of runs that ended so answers, and what it says. */
function answer(...ends: Parameters<typeof answerOf>[0]): { code: number; said: string } {
  const lines: string[] = []
  const stderr = { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream
  return { code: answerOf(ends, { stderr }), said: lines.join('') }
}

describe('bench validate', () => {
  test('whose runs have no trial has no answer: exit code 8, and why', () => {
    const undecided = 'bench: undecided: no run has rounds enough for a trial: give a larger --budget\n'
    expect(answer({ exitCode: 0, trials: 0 }, { exitCode: 0, trials: null })).toEqual({
      code: 8,
      said: undecided,
    })
    expect(answer()).toEqual({ code: 8, said: undecided })
  })

  test('ends with the gravest exit code of its runs', () => {
    expect(answer({ exitCode: 0, trials: 3 }, { exitCode: 0, trials: 0 })).toEqual({ code: 0, said: '' })
    expect(answer({ exitCode: 6, trials: 0 }, { exitCode: 5, trials: 2 })).toEqual({ code: 6, said: '' })
  })
})
