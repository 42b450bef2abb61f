/** `bench lab prune`. */
import { ExitCode } from '../contracts/error.ts'
import { labFolders } from '../lab/folders.ts'
import { labCache } from '../lab/image/store.ts'
import { prune, whatIsKept } from '../lab/prune.ts'
import { stateDirectory } from '../linux/xdg.ts'
import type { Context } from './context.ts'

const MEBIBYTE = 1024 ** 2

/** A line for each thing that is gone, and how much room there is now. */
export async function labPrune(all: boolean, { stdout }: Context): Promise<number> {
  const cache = labCache()
  const kept = await whatIsKept(labFolders(stateDirectory()), cache, all)
  const pruned = await prune(cache, kept)
  const mebibytes = (bytes: number) => `${(bytes / MEBIBYTE).toFixed(0)} MiB`
  for (const { name, what, bytes } of pruned) stdout.write(`${name}: ${what}: ${mebibytes(bytes)}\n`)
  const freed = pruned.reduce((sum, { bytes }) => sum + bytes, 0)
  stdout.write(pruned.length === 0 ? 'nothing to remove\n' : `${mebibytes(freed)} freed\n`)
  return ExitCode.done
}
