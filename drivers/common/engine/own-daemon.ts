/** A daemon that starts containers: in namespaces and a cgroup of the store's own, with which all that it has started ends. */
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scratch } from '../../../harness/contracts/driver.ts'
import type { Host, JournalEntry } from '../../../harness/contracts/host.ts'
import { childrenOf } from '../../../harness/linux/process.ts'
import { removeCgroup } from './cgroups.ts'
import { startEngine, type EngineDaemon, type EngineProgram } from './daemon.ts'
import { inOwnNamespaces, shareBacking, unmountLeft } from './own-namespaces.ts'

const POLL_MILLISECONDS = 20
/** A daemon that was asked to end waits 15 s for its containers. */
const END_SECONDS = 20

export interface OwnDaemon extends Pick<EngineProgram, 'socket' | 'env'> {
  /** Program and arguments. */
  command: readonly [program: string, ...args: string[]]
  /** Mount point of the backing. */
  backing: string
}

/** Starts the daemon; see `startEngine`. Its containers belong below the cgroup `label`. */
export async function startOwnDaemon(
  host: Host,
  { directory, label }: Pick<Scratch, 'directory' | 'label'>,
  { command, backing, ...rest }: OwnDaemon,
): Promise<EngineDaemon> {
  const places = { directory, backing, run: dirname(dirname(directory)) }
  const cgroup: JournalEntry = { kind: 'cgroup', name: label }
  host.journal.record(cgroup)
  shareBacking(host, places)
  const daemon = await startEngine(host, { ...inOwnNamespaces(places, command), ...rest, name: command[0] })
  return {
    ...daemon,
    async [Symbol.asyncDispose]() {
      await endFirstProcess(daemon)
      await daemon[Symbol.asyncDispose]()
      unmountLeft(host, places)
      removeCgroup(label)
      host.journal.forget(cgroup)
    },
  }
}

/** unshare(1) ignores SIGTERM while it waits, so the first process in the namespace gets it. */
async function endFirstProcess({ pid }: EngineDaemon): Promise<void> {
  const [first] = childrenOf(pid) ?? []
  if (first === undefined) return
  process.kill(first, 'SIGTERM')
  const deadline = Date.now() + END_SECONDS * 1000
  while ((childrenOf(pid) ?? []).length > 0 && Date.now() < deadline) await sleep(POLL_MILLISECONDS)
}
