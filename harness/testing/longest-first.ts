/** vitest's order of test files, but for those that boot machines: they go first, so that no worker waits for one at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const MACHINES = /\/(?:host\/cut-off|host\/lab-machine|lab\/lab|lab\/device-mapper)\.test\.ts$/

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const boots = ({ moduleId }: TestSpecification) => MACHINES.test(moduleId)
    return [...sorted.filter(boots), ...sorted.filter((file) => !boots(file))]
  }
}
