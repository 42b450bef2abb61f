/** The timed phases of one trial: clock and counters around the work, and what they add up to. */
import type { IoCounters, Resources } from '../contracts/sample.ts'
import type { TrialClock } from '../contracts/scenario.ts'
import { MONOTONIC, type Timer } from '../measurement/clock.ts'
import { add, difference, type DeviceCounters } from '../measurement/counters.ts'
import { addResources, resourceDifference, type ResourceReader } from '../measurement/resources.ts'

export interface PhaseInputs {
  counters: DeviceCounters
  resources: ResourceReader
  /** Share by which each phase is made longer on purpose: 0.05 for 5 %, 0 for what it is. */
  injected: number
  /** Default: the monotonic clock. */
  timer?: Timer
}

/** By phase; several calls of a phase add up. */
export interface Phases extends TrialClock {
  /** Seconds, or a tool's own unit. */
  readonly values: Record<string, number>
  readonly io: Record<string, IoCounters>
  readonly resources: Record<string, Resources>
  /** Reads the counters around work that a tool times: they are booked under the phase, and no seconds are. */
  count<T>(phase: string, work: () => Promise<T>): Promise<T>
  /** Waits as long as a phase that took this many seconds is to be made longer; returns the seconds that it waited. */
  delay(seconds: number): number
}

/** All counters at one moment. */
interface Reading {
  io: IoCounters
  resources: Resources
}

export function createPhases({ counters, resources, injected, timer = MONOTONIC }: PhaseInputs): Phases {
  const values: Record<string, number> = {}
  const io: Record<string, IoCounters> = {}
  const resourcesByPhase: Record<string, Resources> = {}

  /** The slowest counters are read farthest from the clock: their cost is only in their own figure. */
  function before(): Reading {
    const host = resources.ofHost()
    const atDevice = counters.read()
    return { io: atDevice, resources: { ...resources.ofProcess(), ...host, kernelSeconds: null } }
  }

  function after(): Reading {
    const process = resources.ofProcess()
    return { io: counters.read(), resources: { ...process, ...resources.ofHost(), kernelSeconds: null } }
  }

  function book(phase: string, seconds: number, began: Reading, ended: Reading): void {
    values[phase] = (values[phase] ?? 0) + seconds
    bookCounters(phase, began, ended)
  }

  function bookCounters(phase: string, began: Reading, ended: Reading): void {
    io[phase] = sum(io[phase], difference(ended.io, began.io), add)
    resourcesByPhase[phase] = sum(
      resourcesByPhase[phase],
      resourceDifference(ended.resources, began.resources),
      addResources,
    )
  }

  return {
    values,
    io,
    resources: resourcesByPhase,
    time(phase, work) {
      const whole = injected === 0 ? work : () => prolonged(timer, work, injected)
      const began = before()
      const { result, seconds } = timer.timed(whole)
      book(phase, seconds, began, after())
      return result
    },
    async timeAsync(phase, work) {
      const whole = injected === 0 ? work : () => prolongedAsync(timer, work, injected)
      const began = before()
      const { result, seconds } = await timer.timedAsync(whole)
      book(phase, seconds, began, after())
      return result
    },
    async count(phase, work) {
      const began = before()
      const result = await work()
      bookCounters(phase, began, after())
      return result
    },
    delay: (seconds) => (injected === 0 ? 0 : timer.timed(() => timer.spin(seconds * injected)).seconds),
  }
}

function sum<T>(known: T | undefined, more: T, plus: (left: T, right: T) => T): T {
  return known === undefined ? more : plus(known, more)
}

function prolonged<T>(timer: Timer, work: () => T, share: number): T {
  const { result, seconds } = timer.timed(work)
  timer.spin(seconds * share)
  return result
}

async function prolongedAsync<T>(timer: Timer, work: () => Promise<T>, share: number): Promise<T> {
  const { result, seconds } = await timer.timedAsync(work)
  timer.spin(seconds * share)
  return result
}
