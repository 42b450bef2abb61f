/** Phases that every scenario has: the container layer comes and goes. */
import type { Phase } from '../../harness/contracts/phase.ts'

/** Returns a duration: seconds, lower is better. */
export function seconds(id: string, title: string): Phase {
  return { id, title, unit: 's', better: 'lower' }
}

/**
 * Returns the same, where a tool reads the clock: neither the harness nor a delay injected into its phases has a part
 * in it.
 */
export function secondsByTool(id: string, title: string): Phase {
  return { ...seconds(id, title), byTool: true }
}

export const beginning: readonly Phase[] = [
  seconds('prepare', 'Prepare the container layer'),
  seconds('mount', 'Mount'),
]

export const ending: readonly Phase[] = [
  seconds('umount', 'Unmount'),
  seconds('remove', 'Remove the container layer'),
]
