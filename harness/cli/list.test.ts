import { expect, test } from 'vitest'
import { limitLines } from './list.ts'

test('a limit says what a driver lacks, and one reason stands once', () => {
  const reason = 'copies holes as data'
  expect(
    limitLines([
      { check: 'rename a directory', reason: 'answers EXDEV' },
      { check: 'a sparse file stays sparse', reason },
      { check: 'a change beyond 4 GiB', reason },
    ]),
  ).toEqual([
    'rename a directory (answers EXDEV)',
    'a sparse file stays sparse; a change beyond 4 GiB (copies holes as data)',
  ])
})
