/** Warnings for the reader of a result: data on the sample, the row or the run. */
import { z } from 'zod'

export const warningSchema = z.object({
  code: z.string().describe('stable name: cache.not-verified'),
  message: z.string(),
})

export type Warning = z.infer<typeof warningSchema>
