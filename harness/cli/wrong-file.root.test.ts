import { describe, test } from 'vitest'
import { isRoot } from '../testing/scratch-file.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { instead, node } from './testing/spoiled-run.ts'

const ENDLESS: readonly Refusal[] = [
  [
    'a plan file',
    (place) => ['plan', '--plan', node(place.at('zero'), 'c', '1', '5')],
    /is a character device/,
  ],
  ['run.json', instead('run.json', (path) => node(path, 'c', '1', '5')), /run\.json is a character device/],
  ['samples', instead('samples.ndjson', (path) => node(path, 'c', '1', '5')), /ndjson is a character device/],
]

describe.skipIf(!isRoot)('a device without end for', () => {
  test.each(named(ENDLESS))('%s', (_, refusal) => expectRefusal(refusal))
})
