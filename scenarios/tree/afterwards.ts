/** What the next program finds where names are gone. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import { contradiction } from '../common/witness.ts'

/** Looks for each name that is gone, and lists the directories that had them, each in the cell's cache state: phases `lookup`, `list`. */
export async function lookAfterwards(
  trial: Pick<Trial, 'cache' | 'clock'>,
  container: Container,
  after: { gone: readonly string[]; listed: readonly string[] } | undefined,
): Promise<void> {
  if (after === undefined) return
  const inContainer = (paths: readonly string[]) => paths.map((path) => join(container.root, path))
  const [gone, listed] = [inContainer(after.gone), inContainer(after.listed)]
  await trial.cache.set(container, [])
  trial.clock.time('lookup', () => {
    for (const path of gone)
      if (statSync(path, { throwIfNoEntry: false }) !== undefined)
        throw contradiction('content', `${path} is still there`)
  })
  await trial.cache.set(container, [])
  trial.clock.time('list', () => {
    for (const path of listed) readdirSync(path)
  })
}
