/** startup: from nothing to a container's first output, as an engine starts one. */
import { join } from 'node:path'
import type { Container, Scenario, Trial } from '../../harness/contracts/scenario.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Phase } from '../../harness/contracts/phase.ts'
import { resourcesOf } from '../common/container/limits.ts'
import { beginning, ending, seconds } from '../common/phases.ts'
import { GREETS, writeBundle, type Bundle } from '../common/container/bundle.ts'
import { livesOf, type Alive, type Lives } from '../common/container/lives.ts'
import { GUEST, GUEST_LIMIT_SECONDS, guestLives, type Guest } from './guest/lives.ts'
import { makeGuest } from './guest/make-guest.ts'
import { image, label, subject, params, profiles, type StartupParams } from './params.ts'
import { LIMIT_SECONDS, limitRuntime } from '../common/container/runtime-limit.ts'
import { chooseRuntime, uniqueId } from '../common/container/runtime.ts'
import { programOf, verify, type Observed } from './verify.ts'

const NANOSECONDS = 1e9
/** Most bytes that a container's start writes into its own layer: runtimes only make mount points. */
const CHANGED = 1024 ** 2
/** For the estimate of time. */
const SECONDS_A_START = 0.1
/** On an emulated processor. */
const SECONDS_A_MACHINE = 15

const alone: readonly Phase[] = [
  ...beginning,
  seconds('create', 'Create the container'),
  seconds('start', 'Start its process'),
  seconds('ready', 'Until its first output'),
  {
    ...seconds('prepare-to-ready', 'Prepare to ready'),
    headline: true,
    sum: ['prepare', 'mount', 'create', 'start', 'ready'],
  },
  seconds('exit', 'Exit and delete'),
  ...ending,
]

/** A virtual machine has no step between its creation and its start. */
const machine = alone.filter(({ id }) => id !== 'create')

/** Several at once: their steps overlap, so only what spans them is reported. */
const together: readonly Phase[] = [
  { ...seconds('wall', 'All containers ready'), headline: true },
  seconds('ready-p95', 'Prepare to ready of a container, p95'),
]

interface Started {
  container: Container
  bundle: Bundle
  running: Alive
  /** Seconds from its own prepare to its first byte. */
  elapsed: number
}

export const startup: Scenario<StartupParams, Observed> = {
  meta: {
    id: 'startup',
    title: 'Container start',
    question: 'How long does a container take from the request to start it to its first output?',
    phases: [...alone, ...together],
    phasesOf: ({ concurrency, runtime }) => {
      if (concurrency > 1) return [...together, ...ending].map(({ id }) => id)
      return (runtime === 'vm' ? machine : alone).map(({ id }) => id)
    },
  },
  params,
  profiles,
  label,
  subject,
  image,
  footprint: ({ concurrency, runtime }) => ({
    changed: CHANGED,
    written: CHANGED,
    containers: concurrency,
    seconds: concurrency * (runtime === 'vm' ? SECONDS_A_MACHINE : SECONDS_A_START),
  }),
  run: (trial) => run(trial),
  verify,
}

/** `limit`: how long a program of the runtime, or a virtual machine, may take. Seconds. */
export async function run(trial: Trial<StartupParams>, limit?: number): Promise<Observed> {
  const { concurrency } = trial.params
  const isMachine = trial.params.runtime === 'vm'
  using limited = isMachine
    ? limitRuntime(trial.host, limit ?? GUEST_LIMIT_SECONDS, GUEST)
    : limitRuntime(trial.host, limit ?? LIMIT_SECONDS)
  programOf(trial)
  const { lives, guest } = await chooseLives(trial, limited.host)
  const planned = Array.from({ length: concurrency }, (_, index) => {
    const container = trial.container(index)
    const directory = join(trial.directory, `bundle-${index}`)
    const id = uniqueId(trial.host.journal)
    return {
      container,
      bundle: writeBundle(id, directory, container.root, {
        process: trial.own?.process,
        resources: resourcesOf(trial.params, trial.evidence.devices),
      }),
    }
  })
  const [first] = planned
  try {
    for (const { bundle, container } of planned)
      await lives.announce(bundle, { key: container.key, parent: trial.layers.image })
    if (first !== undefined) await trial.cache.set(first.container, null)
    const begin = process.hrtime.bigint()
    const started = await allOrFirstError(planned.map((one) => startOne(lives, one)))
    const finished = await allOrFirstError(
      started.map(async ({ running }) => {
        // What the user's image starts may be a server.
        if (trial.own !== null) await running.kill()
        return running.finish()
      }),
    )
    // Only now: a delay that is injected here must not be in the time until the exit.
    if (concurrency === 1) recordAlone(trial, started, finished)
    else recordTogether(trial, begin, started)
    return {
      containers: planned.map(({ container }) => container),
      outputs: finished.map(({ output }) => output),
      guest,
    }
  } catch (error) {
    for (const { bundle } of planned) await lives.abandon(bundle)
    throw limited.hung() ?? error
  }
}

/** Returns what starts the containers, made ready. `host`: the one that limits it. */
async function chooseLives(
  trial: Trial<StartupParams>,
  host: Host,
): Promise<{ lives: Lives; guest: Guest | null }> {
  const { runtime, kernel } = trial.params
  if (runtime === 'vm') {
    const guest = await makeGuest(trial, kernel, GREETS)
    return { lives: guestLives(host, guest), guest }
  }
  const chosen = await chooseRuntime(trial.host, runtime, trial.directory)
  return { lives: livesOf(host, chosen, trial.engine), guest: null }
}

/** Like Promise.all, but waits until all have settled: nothing may still be running in what is removed next. */
async function allOrFirstError<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

async function startOne(
  lives: Lives,
  { container, bundle }: { container: Container; bundle: Bundle },
): Promise<Started> {
  const begin = process.hrtime.bigint()
  await container.prepare()
  await container.mount()
  const running = await lives.start(bundle)
  return { container, bundle, running, elapsed: Number(running.readyAt - begin) / NANOSECONDS }
}

function recordAlone(
  trial: Trial<StartupParams>,
  started: readonly Started[],
  finished: readonly { exit: number }[],
): void {
  for (const { running } of started) {
    if (trial.params.runtime !== 'vm') trial.record.seconds('create', running.create)
    trial.record.seconds('start', running.start)
    trial.record.seconds('ready', running.ready)
  }
  for (const { exit } of finished) trial.record.seconds('exit', exit)
}

function recordTogether(trial: Trial, begin: bigint, started: readonly Started[]): void {
  const last = started.reduce(
    (latest, { running }) => (running.readyAt > latest ? running.readyAt : latest),
    begin,
  )
  trial.record.value('wall', Number(last - begin) / NANOSECONDS)
  trial.record.value(
    'ready-p95',
    nearestRank(
      started.map(({ elapsed }) => elapsed),
      0.95,
    ),
  )
}

/** The smallest value that a share of all do not exceed; of fewer than 20 values, p95 is the largest. */
export function nearestRank(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN
}
