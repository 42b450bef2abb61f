/**
 * vitest's order of test files, by how long each took the last time. Where nothing is known of that, the files that are
 * known to take longest come first, so that no worker waits for one at the end.
 */
import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The longest first. */
export const LONGEST: readonly string[] = [
  'drivers/blockcow/blockcow.root.test.ts',
  'harness/cli/host/fleet.root.test.ts',
  'reports/render/html/page.browser.test.ts',
  'harness/selftest/simulation/few-rounds.long.test.ts',
  'drivers/erofs/erofs.root.test.ts',
  'harness/selftest/reference/sabotage.root.test.ts',
  'ansible/provision.program.test.ts',
  'drivers/overlay2/overlay2.root.test.ts',
  'drivers/btrfs/btrfs.root.test.ts',
  'drivers/fuse-overlayfs/fuse-overlayfs.root.test.ts',
]

export default class KnownLongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const { root } = this.ctx.config
    const place = (file: TestSpecification) =>
      this.#isKnown(file) ? -1 : LONGEST.indexOf(path.relative(root, file.moduleId))
    const first = sorted.filter((file) => place(file) >= 0).toSorted((a, b) => place(a) - place(b))
    return [...first, ...sorted.filter((file) => place(file) < 0)]
  }

  #isKnown({ project, moduleId }: TestSpecification): boolean {
    const { root } = this.ctx.config
    return this.ctx.cache.getFileTestResults(`${project.name}:${path.relative(root, moduleId)}`) !== undefined
  }
}
