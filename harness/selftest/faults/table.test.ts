import { describe, expect, test } from 'vitest'
import { answerTable, tally, type Answer } from './table.ts'

const GOOD: Answer = { what: 'a folder', message: 'bench: x is a folder', exit: 2, bad: [] }
const HUNG: Answer = { what: 'a \u202Epipe', message: '', exit: null, bad: ['no end after 30 s'] }

describe('a table of answers', () => {
  test('counts exit codes and bad answers', () => {
    expect(tally('files', [GOOD, GOOD, HUNG])).toBe(
      'files: 3 cases (exit codes 2: 2, killed: 1), 1 bad answers',
    )
  })

  test('shows the bad ones or all, a line each, without control characters', () => {
    const bad = answerTable([GOOD, HUNG], 'bad').split('\n')
    expect(bad).toHaveLength(2)
    expect(bad[1]).toContain('no end after 30 s')
    expect(bad[1]).not.toContain('\u202E')
    expect(answerTable([GOOD, HUNG], 'all').split('\n')).toHaveLength(3)
  })
})
