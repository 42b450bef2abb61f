/** The shortest whole scenario, to begin with: CONTRIBUTING.md quotes it. It is in no registry. */
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Scenario } from '../../harness/contracts/scenario.ts'
import { sizeOption } from '../../harness/contracts/units.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { BIG_FILE, bigFileImage } from '../common/big-file-image.ts'
import { countedBy } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { DEFAULT_RATIO, sizeLabel } from '../common/options.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { requireContent, requireLower } from '../common/witness.ts'

const LINE = Buffer.from('one more line\n')

const params = z.strictObject({ size: sizeOption('1M', 'size of the file') })

/** Result of `run` for `verify`: where the file's bytes lay before and after. */
interface Observed {
  before: Provenance
  after: Provenance
}

export const append: Scenario<z.output<typeof params>, Observed> = {
  meta: {
    id: 'append',
    title: 'Appending to a file',
    question: 'What does it cost to append a line to a file of the image?',
    phases: [...beginning, { ...seconds('append', 'Append a line, durable'), headline: true }, ...ending],
  },
  params,
  profiles: { quick: [{}], standard: [{ size: ['1M', '16M'] }], thorough: [{ size: ['1M', '16M', '256M'] }] },
  label: ({ size }) => sizeLabel(size),
  subject: ({ size }) => `Appending a line to a ${sizeLabel(size)} file`,
  image: ({ size }, seed) =>
    bigFileImage({ size, seed, profile: 'tiny', layers: 1, compressibility: DEFAULT_RATIO }),
  footprint: ({ size }) => ({ changed: size, written: LINE.length, containers: 1 }),

  async run(trial) {
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const before = await container.provenance(BIG_FILE)
    await trial.cache.set(container, [BIG_FILE])
    const path = join(container.root, BIG_FILE)
    trial.clock.time('append', () => {
      const fd = openSync(path, 'a')
      writeSync(fd, LINE)
      fsyncSync(fd)
      closeSync(fd)
    })
    return { before, after: await container.provenance(BIG_FILE) }
  },

  async verify(trial, { before, after }) {
    // The image is as it was, and the container sees it with the line.
    const lowerHash = await requireLower(trial, BIG_FILE)
    const containerHash = await trial.evidence.containerHash(BIG_FILE)
    const expected = await trial.evidence.withImage((root) =>
      createHash('sha256')
        .update(readFileSync(join(root, BIG_FILE)))
        .update(LINE)
        .digest('hex'),
    )
    requireContent(BIG_FILE, containerHash, expected)
    // The bytes lie where a driver of this unit of copying must have put them.
    const mechanism = mechanismOf({
      path: BIG_FILE,
      cowUnit: trial.evidence.cowUnit,
      change: 'data',
      size: trial.params.size + LINE.length,
      files: 1,
      rewritten: 0,
      before,
      after,
      ...(await countedBy(trial, DEFAULT_RATIO)),
    })
    const changed = { objects: 1, word: 'file' }
    return { mechanism, before, after, containerHash, lowerHash, bytesChanged: LINE.length, changed }
  },
}
