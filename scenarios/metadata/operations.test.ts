import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planOperations } from './operations.ts'
import {
  absentOf,
  ENTRIES,
  FILE_SIZE,
  fileOf,
  operations,
  PLACES,
  placesOf,
  type OperationId,
} from './places.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'bench-operations-'))
  for (const id of operations) {
    for (const place of placesOf(id)) {
      write(fileOf(place), contentOf(place))
      if (id === 'readdir') for (let more = 1; more < ENTRIES; more += 1) write(`${place}/${more}`, '')
    }
  }
})
afterAll(() => rmSync(root, { recursive: true }))

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

const contentOf = (place: string) => place.padEnd(FILE_SIZE, '.')

/** Returns all calls of one operation, once round its places. */
function goRound(id: OperationId): readonly Buffer[] {
  const { calls, contents } = planOperations(root)
  const one = calls.find(({ name }) => name === id)
  for (let turn = 0; turn < PLACES; turn += 1) {
    one?.before?.()
    one?.call()
    one?.after?.()
  }
  return contents
}

describe('operations', () => {
  it('are planned in their order', () => {
    expect(planOperations(root).calls.map(({ name }) => name)).toEqual(operations)
  })

  it.each(operations)('%s sees what it must see in each of its places', (id) => {
    expect(() => goRound(id)).not.toThrow()
  })

  it('keep what was read of every file', () => {
    expect(goRound('read').map(String)).toEqual(placesOf('read').map(contentOf))
  })

  const last = (id: OperationId) => placesOf(id).at(-1) ?? ''
  const short = (path: string) => truncateSync(join(root, path), 5)
  const spoiled: readonly [string, OperationId, () => void, string][] = [
    ['a file that is not there', 'open', () => rmSync(join(root, fileOf(last('open')))), 'ENOENT'],
    ['a file of another size', 'stat', () => short(fileOf(last('stat'))), 'is not 4096 bytes long'],
    ['a name that should not exist', 'lookup-miss', () => write(absentOf(last('lookup-miss')), ''), 'exists'],
    [
      'one entry more',
      'readdir',
      () => write(`${last('readdir')}/more`, ''),
      `${ENTRIES + 1} entries, not ${ENTRIES}`,
    ],
    ['a short read', 'read', () => short(fileOf(last('read'))), 'gave 5 bytes'],
  ]
  it.each(spoiled)('do not pass over %s', (_, id, spoil, message) => {
    spoil()
    expect(() => goRound(id)).toThrow(message)
  })
})
