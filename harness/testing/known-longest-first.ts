/**
 * vitest's order of test files, by how long each took the last time. Where nothing is known of that, the files that boot
 * machines come first, so that no worker waits for one at the end.
 */
import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const MACHINES = /\/(?:host\/cut-off|lab\/lab|lab\/device-mapper)\.root\.test\.ts$/

export default class KnownLongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const first = (file: TestSpecification) => MACHINES.test(file.moduleId) && !this.#isKnown(file)
    return [...sorted.filter(first), ...sorted.filter((file) => !first(file))]
  }

  #isKnown({ project, moduleId }: TestSpecification): boolean {
    const { root } = this.ctx.config
    return this.ctx.cache.getFileTestResults(`${project.name}:${path.relative(root, moduleId)}`) !== undefined
  }
}
