/**
 * `npm run bench:reference`: what the harness itself adds, as ratios against references measured in the same run.
 * A composition root of its own, beside `harness/main.ts`. Run it in a private mount namespace.
 */
import { drivers } from '../../../drivers/index.ts'
import { scenarios } from '../../../scenarios/index.ts'
import { compareFirstWrite } from './first-write.ts'
import { compareMount } from './mount.ts'
import { millisecondsText, ratioOf, ratioText, type Pairs } from './pairs.ts'
import { FIRST_WRITES, USUAL } from './plans.ts'

const PAIRS = 30
const registry = { drivers, scenarios }

for (const [configuration, size] of FIRST_WRITES) {
  const pairs = await compareFirstWrite(registry, configuration, size, PAIRS)
  print(`first-write, ${configuration}, ${size}: harness ÷ C`, pairs)
}
print(`prepare + mount, ${USUAL}: in-process ÷ mount(8)`, await compareMount(registry, USUAL, PAIRS))

function print(title: string, pairs: Pairs): void {
  const { harness, reference } = pairs
  process.stdout.write(
    `${title}: ${ratioText(ratioOf(pairs))}, ${harness.size} pairs; ` +
      `${millisecondsText(harness.values())} against ${millisecondsText(reference.values())}\n`,
  )
}
