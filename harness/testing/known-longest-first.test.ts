import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageFolder } from '../linux/package.ts'
import { LONGEST } from './known-longest-first.ts'

test('every file that is put first is there', () => {
  expect(LONGEST.filter((file) => !existsSync(join(packageFolder(), file)))).toEqual([])
})
