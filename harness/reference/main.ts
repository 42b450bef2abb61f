/**
 * `npm run bench:reference`: what the harness itself adds, as ratios against references measured in the same run.
 * A composition root of its own, beside `harness/main.ts`. Run it in a private mount namespace.
 */
import { drivers } from '../../drivers/index.ts'
import { scenarios } from '../../scenarios/index.ts'
import { pairedRatio } from '../statistics/paired-ratio.ts'
import { median } from '../statistics/quantile.ts'
import { compareFirstWrite, type Pairs } from './first-write.ts'
import { compareMount } from './mount.ts'

const PAIRS = 30
const registry = { drivers, scenarios }

for (const [configuration, size] of [
  ['overlay2@ext4', '16M'],
  ['overlay2@ext4', '256M'],
  ['overlay2@xfs', '256M'],
  ['btrfs', '256M'],
] as const) {
  const pairs = await compareFirstWrite(registry, configuration, size, PAIRS)
  print(`first-write, ${configuration}, ${size}: harness ÷ C`, pairs)
}
print(
  'prepare + mount, overlay2@ext4: in-process ÷ mount(8)',
  await compareMount(registry, 'overlay2@ext4', PAIRS),
)

function print(title: string, { harness, reference }: Pairs): void {
  const ratio = pairedRatio(harness, reference)
  const milliseconds = (values: Iterable<number>) => `${((median([...values]) ?? 0) * 1000).toFixed(3)} ms`
  const interval = `${ratio?.low?.toFixed(3)}–${ratio?.high?.toFixed(3)}`
  process.stdout.write(
    `${title}: ${ratio?.ratio.toFixed(3)} (${interval}, ${ratio?.pairs} pairs; ` +
      `${milliseconds(harness.values())} against ${milliseconds(reference.values())})\n`,
  )
}
