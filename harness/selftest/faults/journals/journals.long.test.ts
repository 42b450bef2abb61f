import { beforeAll, describe, expect, test } from 'vitest'
import { isRoot } from '../../../linux/privilege.ts'
import type { Row } from './journals.ts'
import { runJournals } from './run-journals.ts'

describe.skipIf(!isRoot())('bench clean, before hostile journals in a sandbox,', () => {
  let rows: Row[] = []
  beforeAll(async () => {
    rows = await runJournals(1)
  })
  const kindsWith = (bad: (row: Row) => boolean) =>
    rows.filter(bad).map(({ kind, message }) => `${kind}: ${message}`)

  test('tries more than a hundred', () => {
    expect(rows.length).toBeGreaterThanOrEqual(100)
    expect(new Set(rows.map(({ kind }) => kind)).size).toBe(rows.length)
  })

  test('touches nothing that is not its own', () => {
    expect(rows.flatMap(({ kind, touched }) => touched.map((what) => `${kind}: ${what}`))).toEqual([])
  })

  test('undoes what is its own, tells what is not, and forgets nothing', () => {
    expect(rows.flatMap(({ kind, wrong }) => wrong.map((what) => `${kind}: ${what}`))).toEqual([])
  })

  test('answers each in words, none by a stack', () => {
    expect(kindsWith(({ exit }) => exit !== 0 && exit !== 6)).toEqual([])
    expect(kindsWith(({ message }) => message.includes('a bug'))).toEqual([])
  })
})
