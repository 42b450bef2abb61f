/** Claims about storage drivers, as commands use them: what is said, what tests it, and what came out. */
import { z } from 'zod'

export const claimVerdictSchema = z.enum(['true', 'false', 'only-if', 'not-shown', 'not-testable'])

export const claimRowSchema = z.object({
  id: z.string(),
  says: z.string().describe('the claim in our words'),
  source: z.object({ title: z.string(), url: z.string() }),
  verdict: claimVerdictSchema.describe(
    'true and false: here, by this run; only-if: under the condition; not-shown: measured, and the rounds do not tell; ' +
      'not-testable: not measured, for the reason that the text gives',
  ),
  condition: z.string().nullable().describe('of only-if: what has to hold'),
  text: z.string().describe('the figures, or the reason, in a sentence'),
})

/** What `bench claims --json` prints. */
export const claimsResultSchema = z.object({
  run: z.string().describe('folder of the run'),
  claims: z.array(claimRowSchema),
})

export type ClaimVerdict = z.infer<typeof claimVerdictSchema>
export type ClaimRow = z.infer<typeof claimRowSchema>
export type ClaimsResult = z.infer<typeof claimsResultSchema>

/** Part of a plan: cells that a claim is judged by. */
export interface ClaimPart {
  driver: readonly string[]
  scenario: string
  /** One value for each parameter that is not at its default. */
  set: Readonly<Record<string, string>>
}

/** A claim before it is measured. */
export interface ClaimInfo {
  id: string
  says: string
  parts: readonly ClaimPart[]
}

/** The judged claims of a run in every form in which they can be shown. */
export interface ClaimsReport {
  readonly rows: readonly ClaimRow[]
  terminal(width: number, color: boolean): string
  markdown(): string
  /** One self-contained page. */
  html(): string
}
