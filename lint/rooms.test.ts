import { beforeAll, describe, expect, test } from 'vitest'
import { lintPlanted } from './planted.ts'

/** [file, import in it]: one that the table forbids, for every room. */
const FORBIDDEN = [
  ['harness/contracts/units.ts', '../host/index.ts'],
  ['harness/statistics/median.ts', '../results/read.ts'],
  ['harness/measurement/clock.ts', '../runner/run.ts'],
  ['harness/host/loops.ts', '../journal/journal.ts'],
  ['harness/linux/dm/device.ts', '../../host/index.ts'],
  ['harness/terminal/text-table.ts', '../linux/xdg.ts'],
  ['harness/journal/journal.ts', '../host/index.ts'],
  ['harness/results/read.ts', '../statistics/median.ts'],
  ['harness/plan/cells.ts', '../../scenarios/index.ts'],
  ['harness/runner/run.ts', '../host/index.ts'],
  ['harness/runner/child.ts', '../../drivers/index.ts'],
  ['harness/cli/run.ts', '../../drivers/index.ts'],
  ['harness/cli/list.ts', '../main.ts'],
  ['harness/cli/list.ts', '../rooms.ts'],
  ['harness/testing/fake-host.ts', '../../drivers/index.ts'],
  ['drivers/btrfs/index.ts', '../overlay2/index.ts'],
  ['drivers/btrfs/deep/er.ts', '../../vfs/index.ts'],
  ['drivers/vfs/index.ts', '../../harness/host/index.ts'],
  ['drivers/vfs/copy.ts', '../testsuite/suite.ts'],
  ['drivers/common/format.ts', '../vfs/index.ts'],
  ['scenarios/bigfile.ts', '../drivers/vfs/index.ts'],
  ['scenarios/startup.ts', '../harness/runner/run.ts'],
  ['reports/render/html.ts', '../../harness/runner/run.ts'],
  ['reports/summary/model.ts', '../../drivers/vfs/index.ts'],
  ['reports/summary/cell.ts', '../format/format.ts'],
  ['reports/format/format.ts', '../../harness/statistics/median.ts'],
  ['reports/verdict/growth.ts', '../render/tables/grid.ts'],
  ['reports/compare/report.ts', '../render/html/comparison.ts'],
  ['reports/fleet/report.ts', '../index.ts'],
  ['reports/render/markdown/run.ts', '../../index.ts'],
  ['reports/render/html/client/charts.ts', '../view/scale.ts'],
  ['reports/loose.ts', './summary/cell.ts'],
  ['harness/elsewhere/new.ts', '../contracts/units.ts'],
] as const

/** The like, that the table allows. */
const ALLOWED = [
  ['harness/main.ts', './rooms.ts'],
  ['harness/rooms.ts', '../drivers/index.ts'],
  ['harness/cli/testing/here.ts', '../../rooms.ts'],
  ['harness/runner/trial.ts', '../measurement/clock.ts'],
  ['harness/cli/doctor.ts', '../host/doctor.ts'],
  ['harness/host/loops.test.ts', '../testing/fake-host.ts'],
  ['drivers/index.ts', './vfs/index.ts'],
  ['drivers/aufs/mount.ts', '../common/format.ts'],
  ['drivers/aufs/units.ts', '../../harness/contracts/units.ts'],
  ['drivers/devicemapper/index.ts', '../../harness/linux/dm/verbs.ts'],
  ['drivers/vfs/vfs.test.ts', '../testsuite/suite.ts'],
  ['scenarios/smallwrites.ts', './dataset/tree.ts'],
  ['reports/summary/ratio.ts', '../../harness/statistics/median.ts'],
  ['reports/summary/ratio.test.ts', '../testing/small-run.ts'],
  ['reports/compare/compare.ts', '../verdict/sentence.ts'],
  ['reports/fleet/summarize.ts', '../compare/fingerprints.ts'],
  ['reports/render/terminal/grid.ts', '../../../harness/terminal/text-table.ts'],
  ['reports/render/html/client/line-chart.ts', '../view/chart-spec.ts'],
  ['reports/index.ts', './render/html/run.ts'],
] as const

/** Every way to reach for another room, from harness/runner to harness/host. */
const FORMS = [
  `import { x } from '../host/index.ts'\nexport const y = x`,
  `import type { X } from '../host/index.ts'\nexport type Y = X`,
  `export const y = await import('../host/index.ts')`,
  `export { x } from '../host/index.ts'`,
  `export * from '../host/index.ts'`,
  `export type Y = import('../host/index.ts').Host`,
]

/** Two files that import each other for their types alone. */
const CIRCLE = [
  ['harness/plan/egg.ts', `import type { Hen } from './hen.ts'\nexport interface Egg { laidBy: Hen }`],
  ['harness/plan/hen.ts', `import type { Egg } from './egg.ts'\nexport interface Hen { hatchedFrom: Egg }`],
] as const

/** What the rules say of each file of the planted tree, by its path. */
let refusals: Map<string, string[]>
let circles: Map<string, string[]>

/** A file for each case, read by one oxlint. */
beforeAll(() => {
  const importing = (specifier: string) => `import { x } from '${specifier}'\nexport const y = x`
  const rooms = [...FORBIDDEN, ...ALLOWED].map(([file, specifier]) => [file, importing(specifier)] as const)
  const forms = FORMS.map((source, index) => [formFile(index), source] as const)
  const messagesOf = lintPlanted([...rooms, ...forms, ...CIRCLE])
  refusals = messagesOf('rooms(imports)')
  circles = messagesOf('import(no-cycle)')
})

function formFile(index: number): string {
  return `harness/runner/form-${index}.ts`
}

describe('import circles', () => {
  test.for(CIRCLE)('%s is refused: a circle of types alone is one, too', ([file]) => {
    expect(circles.get(file)).toHaveLength(1)
  })

  test('an import in one direction is none', () => {
    expect(circles.get('harness/runner/trial.ts')).toBeUndefined()
  })
})

describe('the room table', () => {
  test.for(FORBIDDEN)('%s may not import %s', ([file]) => {
    expect(refusals.get(file)).toHaveLength(1)
  })

  test.for(ALLOWED)('%s may import %s', ([file]) => {
    expect(refusals.get(file)).toBeUndefined()
  })

  test.for([...FORMS.entries()])('sees form %i: %s', ([index]) => {
    expect(refusals.get(formFile(index))).toEqual([
      'harness/runner may import harness/contracts, harness/linux, harness/measurement, harness/statistics, ' +
        'harness/journal, harness/results and itself alone, not harness/host/index.ts',
    ])
  })

  test('says of a folder that is no room what to do', () => {
    expect(refusals.get('harness/elsewhere/new.ts')).toEqual([
      'harness/elsewhere/new.ts lies in no room: add it to the table in lint/rooms.js and docs/design',
    ])
  })
})
