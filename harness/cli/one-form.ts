import { usageError } from '../contracts/error.ts'

/** Throws a usage error where a result is asked for both as JSON and as Markdown. `what`: `the comparison`. */
export function requireOneForm(
  { json, markdown }: { json?: true | undefined; markdown?: true | undefined },
  what: string,
): void {
  if (json && markdown)
    throw usageError('two-forms', `--json and --markdown both print ${what}`, 'give one of them')
}
