import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const REPOSITORY = path.resolve(import.meta.dirname, '..')
const DOCUMENT = path.join(REPOSITORY, 'CONTRIBUTING.md')
const UPDATE = 'UPDATE_QUOTES=1 npx vitest run lint/quotes.test.ts'

/** A path at the end of a paragraph, and the block of code after it. */
const QUOTE = /`([\w./-]+\.ts)`:\n\n```ts\n(.*?)\n```\n/gs

const source = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8').trimEnd()

test('CONTRIBUTING.md quotes a driver and a scenario as they are', () => {
  const text = readFileSync(DOCUMENT, 'utf8')
  const current = text.replaceAll(
    QUOTE,
    (_, file: string) => `\`${file}\`:\n\n\`\`\`ts\n${source(file)}\n\`\`\`\n`,
  )
  const isUpdate = process.env['UPDATE_QUOTES'] !== undefined
  if (isUpdate) writeFileSync(DOCUMENT, current)
  expect(isUpdate ? current : text, `stale: ${UPDATE}`).toBe(current)
  expect(Array.from(text.matchAll(QUOTE), ([, file]) => file)).toEqual([
    'drivers/vfs/index.ts',
    'scenarios/testing/append.ts',
  ])
})
