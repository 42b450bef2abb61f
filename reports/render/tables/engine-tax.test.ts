import { expect, test } from 'vitest'
import { summarize } from '../../summary/summarize.ts'
import { engineRun, engineSamples } from '../../testing/engine-run.ts'
import { smallRun } from '../../testing/small-run.ts'
import { engineTaxGrids } from './engine-tax.ts'

test('engine tax has a row for each phase that both have', () => {
  const { panels } = summarize(engineRun(), engineSamples(5))
  expect(panels.flatMap(engineTaxGrids).map(({ rows }) => rows.map(([, phase]) => phase))).toEqual([
    ['open', 'sync', 'all'],
  ])
  expect(summarize(smallRun(['control', 'driver']), []).panels.flatMap(engineTaxGrids)).toEqual([])
})
