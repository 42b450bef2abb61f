import { expect, test } from 'vitest'
import { hereLine, limitLines, triedOf } from './list.ts'

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

test('one configuration of a driver through an engine is tried, and what is not tried is said', () => {
  const meta = { backings: ['ext4', 'xfs'], showcase: ['d@ext4+o=1'] } as const
  const engine = { name: 'engine', withoutEngine: () => null }
  expect(triedOf({ ...meta, id: 'd' })).toEqual(['d@ext4', 'd@xfs', 'd@ext4+o=1'])
  expect(triedOf({ ...meta, id: 'engine:d', engine })).toEqual(['engine:d@ext4'])
  const works = (configuration: string) => ({ configuration, support: { ok: true } as const })
  expect(hereLine({ ...meta, id: 'engine:d' }, [works('engine:d@ext4')])).toBe(
    'works: engine:d@ext4 (not tried: @xfs)',
  )
  expect(hereLine({ ...meta, id: 'd' }, ['d@ext4', 'd@xfs', 'd@ext4+o=1'].map(works))).toBe(
    'works: d@ext4, d@xfs, d@ext4+o=1',
  )
  expect(hereLine({ id: 'd', backings: ['btrfs'] }, [works('d')])).toBe('works: d')
})
