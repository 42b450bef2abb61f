import { BenchError } from '../contracts/error.ts'

/** Returns the BenchError that was thrown; fails the test when nothing was thrown, or a bug. */
export function benchErrorOf(work: () => unknown): BenchError {
  try {
    work()
  } catch (error) {
    if (error instanceof BenchError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Returns the same of a promise. */
export async function benchErrorOfAsync(work: Promise<unknown>): Promise<BenchError> {
  try {
    await work
  } catch (error) {
    if (error instanceof BenchError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
