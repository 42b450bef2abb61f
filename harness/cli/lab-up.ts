/** `bench lab up`. */
import { constants } from 'node:os'
import { ExitCode, exitCodeForSignal } from '../contracts/error.ts'
import { unrecordedHost } from '../host/index.ts'
import type { CreatedVm } from '../lab/create-vm.ts'
import { labFolders } from '../lab/folders.ts'
import { prepare, up, type Prepared } from '../lab/up.ts'
import { describeKind } from '../lab/vm-record.ts'
import { stateDirectory } from '../linux/xdg.ts'
import { plainTable } from '../terminal/text-table.ts'
import type { Context } from './context.ts'
import { upRequest, type UpFlags } from './lab-request.ts'
import { onSignal } from './on-signal.ts'

/** A first signal removes the machines of this call; during the build of the image it ends the program, as usual. */
export async function labUp(flags: UpFlags, { stdout, stderr }: Context): Promise<number> {
  const request = upRequest(flags)
  const folders = labFolders(stateDirectory())
  const host = unrecordedHost()
  const say = (line: string) => void stderr.write(`${line}\n`)
  const prepared = await prepare(host, folders, request, say)
  const stopping = new AbortController()
  let received: NodeJS.Signals | null = null
  const unregister = onSignal((signal) => {
    received ??= signal
    stopping.abort(new Error(signal))
  })
  try {
    const machines = await up(prepared, say, stopping.signal)
    stdout.write(describeUp(machines, prepared))
    return ExitCode.done
  } catch (error) {
    if (received !== null) return exitCodeForSignal(constants.signals[received])
    throw error
  } finally {
    unregister()
  }
}

function describeUp(machines: readonly CreatedVm[], { imageSeconds, folders }: Prepared): string {
  const rows = machines.map(({ record, bootSeconds }) => [
    record.name,
    describeKind(record),
    `${bootSeconds.toFixed(1)} s`,
  ])
  const next = `bench lab ssh ${machines[0]?.record.name ?? ''}`
  return `${plainTable(['name', 'kind', 'boot'], rows)}\nimage ${imageSeconds.toFixed(1)} s; ${next}; inventory ${folders.inventory}\n`
}
