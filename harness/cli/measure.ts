/** The hidden command of the measuring process; see `runner/measure.ts`. */
import { on } from 'node:events'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { toData } from '../contracts/error-data.ts'
import { planSchema } from '../contracts/plan.ts'
import { createHost } from '../host/index.ts'
import { joinJournal } from '../journal/journal.ts'
import { roundOrder } from '../plan/order.ts'
import { resolveCells } from '../plan/resolve-cells.ts'
import { openSamples } from '../results/run-folder.ts'
import { type Announcer, createAnnouncer } from '../runner/announcer.ts'
import { measure } from '../runner/measure.ts'
import type { FromChild, Job, ParentCommand, ToChild } from '../runner/messages.ts'
import { readEarlier } from '../runner/resume.ts'
import { probeFolder } from '../runner/run.ts'
import { openScratch } from '../runner/scratch.ts'
import { calibrateAlone } from './calibrate-alone.ts'
import type { Context } from './context.ts'
import { registryOfPlan } from './own-image.ts'

export async function measureCommand(context: Context): Promise<never> {
  const stop = new AbortController()
  const announcer = createAnnouncer(send)
  process.on('message', ({ type }: ToChild) => {
    if (type === 'stop') stop.abort()
    if (type === 'drawn') announcer.drawn()
  })
  // The parent is gone; whatever is mounted here goes with this process.
  process.on('disconnect', () => process.exit(ExitCode.bug))
  const command = firstCommand()
  send({ type: 'ready' })
  const last = await lastMessage(command, { context, announcer, stopping: () => stop.signal.aborted })
  process.removeAllListeners('disconnect')
  await new Promise((sent) => process.send?.(last, sent))
  // Ended rather than let run out: a daemon that could not be stopped would keep it, and the parent, waiting for ever.
  return process.exit(last.type === 'done' ? ExitCode.done : ExitCode.bug)
}

/** Waits for the parent's command, before which the parent may ask to stop. Listens from the call on. */
async function firstCommand(): Promise<ParentCommand> {
  for await (const [message] of on(process, 'message') as AsyncIterable<[ToChild]>) {
    if (message.type === 'job' || message.type === 'calibrate') return message
  }
  throw new BenchError('the parent sent no command', { code: 'runner.no-command' })
}

interface Surroundings {
  context: Context
  announcer: Announcer
  stopping(): boolean
}

async function lastMessage(awaited: Promise<ParentCommand>, around: Surroundings): Promise<FromChild> {
  try {
    const command = await awaited
    if (command.type === 'job') await work(command.job, around)
    else await calibrateAlone(command.job, send, around.stopping)
    return { type: 'done', stopped: around.stopping() }
  } catch (error) {
    return { type: 'error', error: toData(error) }
  }
}

async function work(job: Job, { context, announcer, stopping }: Surroundings): Promise<void> {
  const plan = planSchema.parse(job.plan)
  const journal = joinJournal(job.journalDirectory, job.runId)
  const samples = openSamples(job.runFolder)
  const host = createHost(journal, { files: probeFolder(plan.options.scratch), mounts: job.directory })
  try {
    using registry = await registryOfPlan(plan.options.image, host, context)
    const cells = resolveCells(plan, registry)
    await measure({
      runId: job.runId,
      directory: job.directory,
      options: plan.options,
      cells,
      spaceNeeded: plan.estimate.scratchByConfiguration,
      host,
      makeScratch: (configurations) =>
        openScratch(host, plan.options.scratch, job.runId, configurations, {
          destroy: plan.destroy,
          identity: job.device,
        }),
      order: (ready, round) => roundOrder(ready, plan.options.seed, round),
      append: (sample) => samples.append(sample),
      earlier: job.resumed === null ? null : readEarlier(job.runFolder),
      spentSeconds: job.resumed?.spentSeconds ?? 0,
      send,
      announce: (message) => announcer.announce(message),
      stopping,
    })
  } finally {
    samples.close()
    journal.close()
  }
}

function send(message: FromChild): void {
  process.send?.(message)
}
