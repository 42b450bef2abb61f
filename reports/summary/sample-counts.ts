/** How many samples ended in each state. */
export interface SampleCounts {
  completed: number
  failed: number
  aborted: number
}

/** Returns how many samples were taken, in whatever state they ended. */
export function totalOf({ completed, failed, aborted }: SampleCounts): number {
  return completed + failed + aborted
}
