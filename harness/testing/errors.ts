import { BenchError } from '../contracts/error.ts'

/** What was thrown, as a BenchError; fails the test when nothing was, or a bug. */
export function benchErrorOf(work: () => unknown): BenchError {
  try {
    work()
  } catch (error) {
    if (error instanceof BenchError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The same of a promise. */
export async function benchErrorOfAsync(work: Promise<unknown>): Promise<BenchError> {
  try {
    await work
  } catch (error) {
    if (error instanceof BenchError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
