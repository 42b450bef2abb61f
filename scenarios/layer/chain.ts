/** Layers one on top of the other: what each changes, what each step takes, and how the ends of a row compare. */
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { firstDifference } from '../dataset/compare.ts'
import { openContent, type ContentKey } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { contradiction } from '../common/witness.ts'
import { MADE, nameOf, namesOf, STATE, STATE_SIZE } from './places.ts'

const NANOSECONDS = 1e9
/** Share of a row of steps that counts as its beginning, and as its end. A choice. */
const END_SHARE = 1 / 5

/** Times asynchronous work within a phase, which adds up what it takes, and returns the seconds of this one alone. */
export async function timeStep(
  { clock }: Pick<Trial, 'clock'>,
  phase: string,
  work: () => Promise<void>,
): Promise<number> {
  return clock.timeAsync(phase, async () => {
    const begin = process.hrtime.bigint()
    await work()
    return Number(process.hrtime.bigint() - begin) / NANOSECONDS
  })
}

/** Returns the medians of the first and of the last fifth of a row of steps, in its unit. */
export function endsOf(values: readonly number[]): { first: number; last: number } {
  const share = Math.ceil(values.length * END_SHARE)
  return {
    first: median(values.slice(0, share)) ?? Number.NaN,
    last: median(values.slice(-share)) ?? Number.NaN,
  }
}

/** Content of the rewritten file after the layer of this number; null: the image's. */
function stateAfter({ seed }: Pick<Trial, 'seed'>, layer: number | null): ContentKey {
  return ownContent(seed, DEFAULT_RATIO, layer === null ? STATE : `${STATE} after layer ${layer}`)
}

/** Rewrites in place the file that every layer rewrites. */
export function rewriteState(trial: Pick<Trial, 'seed'>, root: string, layer: number): void {
  const content = Buffer.alloc(STATE_SIZE)
  openContent(stateAfter(trial, layer))(content, 0)
  const fd = openSync(join(root, STATE), 'r+')
  writeSync(fd, content, 0, STATE_SIZE, 0)
  closeSync(fd)
}

const markOf = (layer: number) => `made by layer ${layer}\n`

/**
 * Puts the mark of a layer in the place of that of the layer before: so each layer rewrites, makes and deletes a file. Throws
 * `witness.content` where that is not there.
 */
export function replaceMark(root: string, layer: number): void {
  writeFileSync(join(root, MADE, nameOf(layer)), markOf(layer), { flag: 'wx' })
  if (layer === 0) return
  const before = `${MADE}/${nameOf(layer - 1)}`
  if (!existsSync(join(root, before)))
    throw contradiction('content', `the container on layer ${layer - 1} does not show ${before}`)
  unlinkSync(join(root, before))
}

/** Throws `witness.content` unless the tree shows the state and the one mark of this layer; null: of none. */
export function requireMark(
  trial: Pick<Trial, 'seed'>,
  root: string,
  layer: number | null,
  where: string,
): void {
  requireState(trial, root, layer, where)
  requireMade(root, layer === null ? [] : [layer], where)
  if (layer === null) return
  const seen = readFileSync(join(root, MADE, nameOf(layer)), 'utf8')
  if (seen !== markOf(layer))
    throw contradiction('content', `${where} holds a wrong mark: ${JSON.stringify(seen)}`)
}

/** Throws `witness.content` unless the tree shows the rewritten file as this layer has left it. */
export function requireState(
  trial: Pick<Trial, 'seed'>,
  root: string,
  layer: number | null,
  where: string,
): void {
  const at = firstDifference(join(root, STATE), { content: stateAfter(trial, layer), size: STATE_SIZE })
  if (at === null) return
  const after = layer === null ? 'the image' : `layer ${layer}`
  throw contradiction('content', `${where} shows ${STATE} otherwise than ${after} has it, from byte ${at}`)
}

/** Throws `witness.content` unless exactly the names of these layers show. */
export function requireMade(root: string, layers: readonly number[], where: string): void {
  const seen = readdirSync(join(root, MADE)).toSorted()
  const expected = namesOf(layers)
  if (seen.join() === expected.join()) return
  const wrong = seen.find((name) => !expected.includes(name))
  const missing = expected.find((name) => !seen.includes(name))
  const what = missing === undefined ? `should not show ${wrong}` : `does not show ${missing}`
  throw contradiction('content', `${where} ${what} in ${MADE}`)
}
