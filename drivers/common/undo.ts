/** Steps that take back what was made, in reverse order. */
import { messageOf } from '../../harness/contracts/error.ts'
import { driverError } from './catalog.ts'

type Step = () => void | Promise<void>

export interface Undo {
  add(step: Step): void
  /**
   * Runs the steps, youngest first. A step that throws stays, with all older ones: what is below something that could
   * not be removed cannot be removed either. Running again goes on from there.
   */
  run(): Promise<void>
  /** Runs the steps because of an error, and throws that error; `driver.not-released`, with both, when a step fails. */
  abandon(error: unknown): Promise<never>
}

export function createUndo(): Undo {
  const steps: Step[] = []

  async function run(): Promise<void> {
    for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
      await step()
      steps.pop()
    }
  }

  return {
    add: (step) => void steps.push(step),
    run,
    async abandon(error) {
      try {
        await run()
      } catch (second) {
        throw driverError('not-released', `${messageOf(error)}; after that: ${messageOf(second)}`, error)
      }
      throw error
    },
  }
}
