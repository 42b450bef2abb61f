import { unrecordedHost } from '../host/index.ts'
import { isRoot } from '../linux/privilege.ts'
import { scratchDirectory } from '../linux/xdg.ts'
import type { Context } from './context.ts'
import { doctor } from './doctor.ts'
import { reexecInMountNamespace } from './namespace.ts'

/** `bench doctor`: what it tries by mounting, it tries in a mount namespace of its own. */
export async function examineHost(
  json: boolean,
  scratch: string | undefined,
  context: Context,
): Promise<number> {
  if (isRoot()) {
    const code = await reexecInMountNamespace(context)
    if (code !== null) return code
  }
  const options = { json, ...(scratch === undefined ? {} : { scratch }) }
  const { drivers } = await context.registry()
  return doctor(options, {
    drivers: drivers.map(({ meta }) => meta),
    host: unrecordedHost(),
    scratchDirectory: scratchDirectory(),
    stdout: context.stdout,
  })
}
