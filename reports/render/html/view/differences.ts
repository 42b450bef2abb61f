import type { Difference } from '../../../compare/fingerprints.ts'

/** Facts that are not the same on all hosts: a row a fact, a column a host. */
export interface DifferencesView {
  caption: string
  columns: readonly string[]
  rows: readonly { name: string; values: readonly string[] }[]
}

export function differencesView(
  caption: string,
  columns: readonly string[],
  differences: readonly Difference[],
): DifferencesView {
  return { caption, columns, rows: differences.map(({ name, values }) => ({ name, values })) }
}
