/** How a run stands while it goes on, in two short texts for a live display. */
import type { Standing } from '../../harness/contracts/report.ts'
import { joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import type { Summary } from '../summary/types.ts'
import { type Matrix, matrixOf, type MatrixQuestion } from './matrix.ts'

/** Returns the standing of a run by the samples so far. */
export function standingOf(summary: Summary): Standing {
  return { answers: answersText(summary), leaders: leadersText(matrixOf(summary)) }
}

/** `22 of 35 answers known`; empty where nothing is compared yet. */
function answersText({ cells }: Summary): string {
  const answers = cells.flatMap(({ ratio }) => ratio?.answer.is ?? [])
  const known = answers.filter((answer) => answer !== 'open').length
  return answers.length === 0 ? '' : `${known} of ${plural(answers.length, 'answer')} known`
}

/** `ahead: btrfs in bigfile and append-many; vfs@ext4 in startup`; empty where there is a single configuration. */
function leadersText({ questions, rows }: Matrix): string {
  const leads = questions.flatMap((question, index) => {
    const leader = rows.find(({ cells }) => cells[index]?.isBest === true)
    if (question.against === 'control' || leader === undefined) return []
    return [{ name: nameOf(question, questions), configuration: leader.configuration }]
  })
  const told = [...groupBy(leads, ({ configuration }) => configuration)].map(
    ([configuration, own]) => `${configuration} in ${joinList(own.map(({ name }) => name))}`,
  )
  return told.length === 0 ? '' : `ahead: ${told.join('; ')}`
}

/** The scenario, or where it asks several questions what tells them apart: `append-many` of `append-many, 2,000 files`. */
function nameOf({ scenario, detail }: MatrixQuestion, questions: readonly MatrixQuestion[]): string {
  const isOnlyOne = questions.filter((one) => one.scenario === scenario).length === 1
  return isOnlyOne ? scenario : (detail.split(', ')[0] ?? scenario)
}
