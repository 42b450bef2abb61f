/** The JSON Schemas in docs/schema say what the zod schemas say. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { z, type ZodType } from 'zod'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { acceptedSchema } from './accepted.ts'
import { claimsResultSchema } from './claims.ts'
import { comparisonSchema, gateSchema } from './compare.ts'
import { historySchema } from './history.ts'
import { rowSchema } from './row.ts'
import { runSchema } from './run.ts'
import { sampleSchema } from './sample.ts'

const UPDATE = 'UPDATE_SCHEMAS=1 npx vitest run harness/contracts/schema-files.test.ts'

const FILES: readonly (readonly [name: string, title: string, schema: ZodType])[] = [
  ['run', 'run.json of a run folder', runSchema],
  ['sample', 'One line of samples.ndjson', sampleSchema],
  ['row', 'One of the rows that --json prints', rowSchema],
  ['comparison', 'What bench compare --json prints', comparisonSchema],
  ['history', 'What bench history --json prints', historySchema],
  ['gate', 'gate.json of a run folder', gateSchema],
  ['accepted', 'accepted.json of a run folder', acceptedSchema],
  ['claims', 'What bench claims --json prints', claimsResultSchema],
]

const pathOf = (name: string) =>
  fileURLToPath(new URL(`../../docs/schema/${name}.schema.json`, import.meta.url))

/** As input, so that a property it does not know is allowed: later versions may add some under the same number. */
async function textOf(title: string, schema: ZodType, path: string): Promise<string> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  const options = await resolveConfig(path)
  return format(JSON.stringify({ $schema, title, ...rest }), { ...options, parser: 'json' })
}

const readSchema = (name: string) =>
  z.fromJSONSchema(JSON.parse(readFileSync(pathOf(name), 'utf8')) as Parameters<typeof z.fromJSONSchema>[0])

describe('docs/schema', () => {
  it.each(FILES)('%s.schema.json is up to date', async (name, title, schema) => {
    const path = pathOf(name)
    const text = await textOf(title, schema, path)
    if (process.env['UPDATE_SCHEMAS']) writeFileSync(path, text)
    expect(text, `${path} is stale; to regenerate it: ${UPDATE}`).toBe(readFileSync(path, 'utf8'))
  })

  it('takes a run and a sample, also with properties that it does not know', () => {
    const run = smallRun()
    expect(readSchema('run').safeParse({ ...run, later: 1 })).toMatchObject({ success: true })
    expect(readSchema('sample').safeParse({ ...sampleOf(run, 0), later: 1 })).toMatchObject({ success: true })
  })

  it('refuses a run of another schema and a sample without its cell', () => {
    const run = smallRun()
    expect(readSchema('run').safeParse({ ...run, schema: 99 }).success).toBe(false)
    expect(readSchema('sample').safeParse({ ...sampleOf(run, 0), cell: undefined }).success).toBe(false)
  })
})
