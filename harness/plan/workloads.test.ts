import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPlanFile } from './request.ts'

const SHELF = resolve(import.meta.dirname, '../../plans/workloads')
const plans = readdirSync(SHELF).filter((name) => name.endsWith('.yaml'))

describe.each(plans)('the workload %s', (name) => {
  it('is one command with a name, commas and all, for whatever image is given', () => {
    const { driver, scenario, set, image } = readPlanFile(resolve(SHELF, name))
    expect({ driver, scenario, image }).toEqual({ driver: ['all'], scenario: ['exec'], image: undefined })
    expect(Object.keys(set ?? {}).toSorted()).toEqual(['command', 'name'])
    expect([set?.['command'], set?.['name']].map((values) => values?.length)).toEqual([1, 1])
  })

  it('is in the list of the shelf', () => {
    expect(readFileSync(resolve(SHELF, 'README.md'), 'utf8')).toContain(`| \`${name}\``)
  })
})
