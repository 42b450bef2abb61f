import { expect, test } from 'vitest'
import { readAnswers } from './answers.ts'

test('a case that ended the process is a bad answer after the others', async () => {
  const good = { what: 'one', message: '', exit: 2, bad: [] }
  const answers = await readAnswers((onLine) => {
    for (const line of [{ begun: 'one' }, good, { begun: 'two' }]) onLine(JSON.stringify(line))
    return Promise.resolve(null)
  })
  expect(answers).toEqual([good, expect.objectContaining({ what: 'two', exit: null })])
})
