/** Which of the planned configurations are measured here. */
import { comparedWith } from '../contracts/cell.ts'
import { formatSize } from '../contracts/units.ts'
import { reportOutcome, type MeasureInputs } from './measure-inputs.ts'
import { storeOutcome } from './outcome.ts'

/** Returns the configurations that can run here and fit their scratch; the others' cells get their outcome. */
export async function probeAll(inputs: MeasureInputs): Promise<string[]> {
  const supported: string[] = []
  const { configurations } = inputs.options
  for (const [index, text] of configurations.entries()) {
    const cells = inputs.cells.filter(({ cell }) => cell.configuration === text)
    const [first] = cells
    if (first === undefined || inputs.stopping()) continue
    const total = configurations.length
    inputs.send({ type: 'preparing', configuration: text, what: 'probing', done: index, total })
    const { driver, config } = first
    try {
      const probed = await driver.probe(inputs.host, config)
      // What cannot run here needs no room.
      const support = probed.ok ? (tooSmall(inputs, text) ?? probed) : probed
      if (support.ok) supported.push(text)
      else {
        const { code, reason, hint } = support
        reportOutcome(inputs, cells, { state: 'unsupported', code, reason, hint })
      }
    } catch (error) {
      reportOutcome(inputs, cells, storeOutcome(error))
    }
  }
  return withoutIdleControls(inputs, supported)
}

/** Returns the configurations without controls that were not requested and that nothing is compared with. */
function withoutIdleControls(inputs: MeasureInputs, supported: readonly string[]): string[] {
  const needed = new Set<string>(inputs.options.requested)
  const byId = new Map(inputs.cells.map(({ cell }) => [cell.id, cell]))
  for (const { cell } of inputs.cells) {
    if (!supported.includes(cell.configuration)) continue
    for (const id of comparedWith(cell)) needed.add(byId.get(id)?.configuration ?? '')
  }
  const idle = inputs.cells.filter(
    ({ cell }) => supported.includes(cell.configuration) && !needed.has(cell.configuration),
  )
  if (idle.length > 0)
    reportOutcome(inputs, idle, {
      state: 'unsupported',
      code: 'control.idle',
      reason: 'no configuration that is compared with it can run here',
      hint: '',
    })
  return supported.filter((text) => needed.has(text))
}

function tooSmall(
  inputs: MeasureInputs,
  text: string,
): { ok: false; code: string; reason: string; hint: string } | null {
  const needed = inputs.spaceNeeded[text] ?? 0
  const { size } = inputs.options.scratch
  if (needed <= size) return null
  const gib = Math.ceil(needed / 1024 ** 3)
  return {
    ok: false,
    code: 'scratch.too-small',
    reason: `its images and containers need ${gib}G of scratch; each configuration has ${formatSize(size)}`,
    hint: `--scratch-size ${gib}G, or smaller parameters`,
  }
}
