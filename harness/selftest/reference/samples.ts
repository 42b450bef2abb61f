/** A sample as the harness takes it, and a container for what is done by hand instead. */
import type { Container } from '../../contracts/scenario.ts'
import type { RunningTrial } from '../../runner/trial.ts'
import type { Fixture } from './fixture.ts'

/** Returns the scenario's phases, in their units. Not verified: that is not what is compared. */
export async function sampleByHarness(fixture: Fixture): Promise<Readonly<Record<string, number>>> {
  const trial = await fixture.trial()
  await fixture.store.snapshotter.settle()
  await fixture.cell.scenario.run(trial)
  await trial.tearDown()
  return trial.measured.phases
}

/** Returns NaN where the sample lacks one of them. */
export function sumOf(values: Readonly<Record<string, number>>, phases: readonly string[]): number {
  return phases.reduce((sum, phase) => sum + (values[phase] ?? Number.NaN), 0)
}

/** Runs `work` in a fresh container, when a file of it is as a scenario has it at the beginning of its own work. */
export async function inContainer<T>(
  fixture: Fixture,
  file: string,
  work: (container: Container, trial: RunningTrial) => Promise<T>,
): Promise<T> {
  const trial = await fixture.trial()
  await fixture.store.snapshotter.settle()
  const container = trial.container()
  await container.prepare()
  await container.mount()
  await container.provenance(file)
  await trial.cache.set(container, [file])
  const result = await work(container, trial)
  await trial.tearDown()
  return result
}
