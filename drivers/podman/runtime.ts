/**
 * Starts containers as `podman run` does: it initializes the container (podman mounts it, and starts conmon, which calls the OCI
 * runtime), attaches to it, and starts it. When its process has ended, conmon calls podman once more, which unmounts it.
 */
import type { EngineContainer, EngineRuntime, PlannedPlace } from '../../harness/contracts/engine-runtime.ts'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { until } from '../../harness/linux/until.ts'
import type { Api } from '../common/engine/http-api.ts'
import { readFrames } from '../common/engine/output-frames.ts'

const POLL_MILLISECONDS = 2
const CLEAN_UP_SECONDS = 30

/** Mount points that podman makes where the image has none. */
const ADDS: ReadonlySet<string> = new Set(['dev', 'etc', 'proc', 'run', 'sys'])

export interface RuntimeInputs {
  /** Does what has to be there before the snapshot is prepared. */
  plan(place: PlannedPlace, container: EngineContainer): Promise<void>
  /** The API, once a container was planned. */
  api(): Api
  show(id: string): Promise<void>
}

export function createRuntime({ plan, api, show }: RuntimeInputs): EngineRuntime {
  /** Resolve when the process has ended and all of its output was taken. */
  const outputs = new Map<string, Promise<void>>()
  const post = (id: string, what: string) => api().call('POST', `/containers/${id}/${what}`)

  return {
    adds: ADDS,
    plan,
    async create({ id, take }) {
      await post(id, 'init')
      const stream = await api().takeOver(`/containers/${id}/attach?stream=true&stdout=true&stderr=false`)
      outputs.set(id, readFrames(stream, take))
    },
    async start(id) {
      await post(id, 'start')
      return null
    },
    async kill(id) {
      await post(id, 'kill?signal=SIGKILL')
    },
    async ended(id) {
      await outputs.get(id)
    },
    async delete(id) {
      await cleanedUp(api(), id)
      outputs.delete(id)
    },
    show,
    async abandon(id) {
      const anyhow = async (work: Promise<unknown>) => work.catch(() => undefined)
      await anyhow(post(id, 'kill?signal=SIGKILL'))
      await anyhow(cleanedUp(api(), id))
      outputs.delete(id)
    },
  }
}

/** Waits until a container that has ended is unmounted. `wait` of the API is answered before, and looks no oftener than it is told to. */
async function cleanedUp(api: Api, id: string): Promise<void> {
  interface Answer {
    State: { Status: string }
  }
  const isDone = async () => {
    const { State } = await api.call<Answer>('GET', `/containers/${id}/json`)
    return State.Status !== 'running' && State.Status !== 'stopped'
  }
  const error = () =>
    new BenchError(`podman did not clean up container ${id} within ${CLEAN_UP_SECONDS} s`, {
      code: 'driver.engine',
      exitCode: ExitCode.cellFailed,
    })
  await until(isDone, { every: POLL_MILLISECONDS, within: CLEAN_UP_SECONDS * 1000, error })
}
