import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

/** Told only where QEMU is installed: what is missing is said first. */
const UP: readonly Refusal[] = [
  [
    'a name that is taken',
    (place) => {
      mkdirSync(join(place.state, 'bench/lab/vms/web-2'), { recursive: true })
      return ['lab', 'up', '--name', 'web', '--count', '2']
    },
    /there is already a machine web-2: give another --name, or run: bench lab down web-2/,
  ],
]

describe('bench lab up refuses', () => {
  test.each(named(UP))('%s', (_, refusal) => expectRefusal(refusal))
})
