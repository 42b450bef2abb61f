import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { scenarios } from './index.ts'

/** Folders that hold what scenarios share. */
const SHARED = ['common', 'dataset', 'testing']

it('every folder of a scenario is in the registry', () => {
  const ids = scenarios.map(({ meta }) => meta.id)
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
    .map(({ name }) => name)
  const missing = folders.filter((name) => !ids.includes(name))
  expect(missing.map((name) => `scenarios/index.ts has no entry for scenarios/${name}`)).toEqual([])
})

describe.each(scenarios.map((scenario) => [scenario.meta.id, scenario] as const))(
  'scenario %s',
  (_, scenario) => {
    const ids = scenario.meta.phases.map((phase) => phase.id)
    const defaults = scenario.params.parse({})

    it('has its docs page, and a row with its question in the table of scenarios', () => {
      const docs = resolve(import.meta.dirname, '../docs/scenarios')
      const { id, question } = scenario.meta
      expect(existsSync(resolve(docs, `${id}.md`)), `docs/scenarios/${id}.md is missing`).toBe(true)
      const rows = readFileSync(resolve(docs, 'README.md'), 'utf8').split('\n')
      const row = rows.find((line) => line.startsWith(`| [\`${id}\`](${id}.md)`)) ?? ''
      expect(row, `docs/scenarios/README.md has no row for ${id} with its question`).toContain(question)
    })

    it('reports phases that it declares, each once, with one headline', () => {
      expect(new Set(ids).size).toBe(ids.length)
      const own = scenario.meta.phasesOf?.(defaults) ?? ids
      expect(ids).toEqual(expect.arrayContaining([...own]))
      const headlines = scenario.meta.phases.filter((phase) => phase.headline && own.includes(phase.id))
      expect(headlines).toHaveLength(1)
    })

    it('sums phases that it declares', () => {
      for (const { sum } of scenario.meta.phases)
        expect(ids).toEqual(expect.arrayContaining([...(sum ?? [])]))
    })

    it('has a default and a description for every parameter', () => {
      const { properties = {} } = z.toJSONSchema(scenario.params, { io: 'input', unrepresentable: 'any' })
      for (const [name, property] of Object.entries(properties)) {
        expect(property, name).toMatchObject({ description: expect.any(String), default: expect.any(String) })
      }
    })

    it('has profiles whose values are valid', () => {
      for (const grid of Object.values(scenario.profiles).flat()) {
        for (const [name, values] of Object.entries(grid)) {
          for (const value of values) {
            const given = {
              ...Object.fromEntries(Object.entries(grid).map(([key, all]) => [key, all[0]])),
              [name]: value,
            }
            expect(scenario.params.safeParse(given), `${name}=${value}`).toMatchObject({ success: true })
          }
        }
      }
    })

    it('calls no two sets of its parameters by the same name', () => {
      const { properties = {} } = z.toJSONSchema(scenario.params, { io: 'input', unrepresentable: 'any' })
      const other: Record<string, string> = {
        size: '3M',
        touch: 'open',
        depth: '3',
        compressibility: '4',
        image: 'large',
      }
      Object.assign(other, {
        files: '9',
        containers: '3',
        procs: '4',
        writes: '9',
        interval: '2',
        iterations: '99',
        sync: 'buffered',
        layers: '3',
        runtime: 'runc',
        concurrency: '3',
        directories: '7',
        siblings: '3',
        steps: '3',
        compression: 'zstd',
        durability: 'syncfs',
        workers: '4',
        volume: 'on',
        file: 'usr/bin/app',
        command: 'true',
        name: 'nothing',
        timeout: '3s',
        memory: '64M',
        cpus: '2',
        iops: '100',
        kernel: '/boot/vmlinuz',
      })
      if (scenario.meta.id === 'tree') other['image'] = 'own'
      const names = Object.keys(properties).filter((name) => name !== 'op')
      for (const name of names) {
        const why = `a value of ${name} other than its default: add one to \`other\` in this test`
        expect(other[name], why).toBeDefined()
      }
      const ops = (properties['op'] as { enum?: string[] } | undefined)?.enum ?? []
      const bases = ops.length === 0 ? [{}] : ops.map((op) => ({ op }))
      for (const base of bases) {
        const sets = [base, ...names.map((name) => ({ ...base, [name]: other[name] }))].map((set) =>
          scenario.params.parse(set),
        )
        const distinct = new Set(sets.map((set) => JSON.stringify(z.encode(scenario.params, set))))
        expect(new Set(sets.map((set) => scenario.label(set))).size).toBe(distinct.size)
      }
    })

    it('has an image that depends on parameters and seed alone', () => {
      expect(scenario.image(defaults, 1).id).toBe(scenario.image(scenario.params.parse({}), 1).id)
      expect(scenario.image(defaults, 2).id).not.toBe(scenario.image(defaults, 1).id)
    })
  },
)
