/** Follows a job to its end, over any number of connections, and downloads its results. */
import { messageOf } from '../../contracts/error.ts'
import type { FleetHost } from '../../contracts/fleet.ts'
import type { JobEvent } from '../../contracts/job.ts'
import type { Run } from '../../contracts/run.ts'
import { openHostStore, type HostStore } from './host-store.ts'
import type { HostTask, Listener } from './host-task.ts'
import { patiently } from './patience.ts'
import { followJob, stopJob, type JobEnd } from './remote-job.ts'

/** Returns how the host ended. Throws the error of the last connection when patience is over. */
export async function followToEnd(task: HostTask): Promise<Partial<FleetHost>> {
  const { share, controls, listener, connection, patience, seconds } = task
  const { bundle, job } = share
  using store = openHostStore(share.folder)
  const download = downloadInto(store, listener)
  const askToStop = untilHeard(() => stopJob(connection, bundle, job), listener)
  const began = performance.now()
  const end = await patiently(async (heard) => {
    const unregister = whenAborted(controls.stop, () => void askToStop())
    try {
      return await followJob(connection, bundle, job, {
        samplesFrom: store.length,
        signal: controls.leave,
        onEvent(event) {
          heard()
          download.take(event)
        },
      })
    } finally {
      unregister()
    }
  }, patience)
  const ended = performance.now()
  const measured = download.measuredAt() ?? ended
  seconds['measure'] = (measured - began) / 1000
  seconds['fetch'] = (ended - measured) / 1000
  return outcomeOf(end, download.run())
}

/** Stores each event before it reads the next. */
function downloadInto(store: HostStore, listener: Listener) {
  let run: Run | null = null
  let measuredAt: number | null = null
  listener.samples(store.samples)

  function take(event: JobEvent): void {
    switch (event.type) {
      case 'samples':
        store.append(event.offset, event.text)
        return listener.samples(store.samples)
      case 'run':
        run = event.run
        return store.writeRun(event.run)
      case 'progress':
        return listener.said(event.text)
      case 'state':
        if (event.state !== 'running') measuredAt = performance.now()
        return
      case 'alive':
      case 'end':
    }
  }
  return { take, run: () => run, measuredAt: () => measuredAt }
}

function outcomeOf(end: JobEnd | null, run: Run | null): Partial<FleetHost> {
  const hasResults = run?.state === 'completed' || run?.state === 'interrupted'
  return {
    state: hasResults ? run.state : 'failed',
    exitCode: end?.exitCode ?? null,
    reason: end?.error?.message ?? null,
    hint: end?.error?.hint ?? null,
  }
}

/** A run that is asked twice ends at once, so it is asked again only where it did not hear the first time. */
function untilHeard(ask: () => Promise<unknown>, listener: Listener): () => Promise<void> {
  let asked = false
  return async () => {
    if (asked) return
    asked = true
    try {
      await ask()
      listener.said('asked to stop')
    } catch (error) {
      asked = false
      listener.said(`could not be asked to stop: ${messageOf(error)}`)
    }
  }
}

/** Calls back when the signal is aborted, also if it already was; returns a function that unsubscribes. */
function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback()
  signal.addEventListener('abort', callback, { once: true })
  return () => signal.removeEventListener('abort', callback)
}
