/** What the limit of an OCI runtime costs: a program that is started under it against the same program without it, in turn. */
import { limitRuntime, LIMIT_SECONDS } from '../../../scenarios/common/container/runtime-limit.ts'
import type { Host } from '../../contracts/host.ts'
import { unrecordedHost } from '../../host/index.ts'
import { inTurn, type Pairs } from './pairs.ts'

const NANOSECONDS = 1e9

/** Starts a program that does nothing, `pairs` times either way; seconds until it has ended. */
export async function compareLimit(pairs: number): Promise<Pairs> {
  const host = unrecordedHost()
  const underLimit = async () => {
    using limited = limitRuntime(host, LIMIT_SECONDS)
    return await secondsOf(limited.host)
  }
  return inTurn(pairs, underLimit, () => secondsOf(host))
}

async function secondsOf(host: Host): Promise<number> {
  const began = process.hrtime.bigint()
  const piped = host.pipe('true', [])
  const { at } = await piped.exited
  // Before the next begins: nothing of this one is to be in the time of another.
  await piped.ended
  return Number(at - began) / NANOSECONDS
}
