/**
 * Starts containers as `docker run` does: it attaches to the container, waits for its end, and starts it. dockerd mounts the container when
 * it starts, and unmounts it when its process has ended.
 */
import type { EngineRuntime } from '../../harness/contracts/engine-runtime.ts'
import type { Api } from '../common/engine/http-api.ts'
import { readFrames } from '../common/engine/output-frames.ts'
import type { Plans } from '../common/engine/planned.ts'

/** Resolves when the process has ended, and when all of its output was taken. */
interface Life {
  ended: Promise<string>
  output: Promise<void>
}

export function createRuntime(api: Api, plans: Plans, show: (id: string) => Promise<void>): EngineRuntime {
  const lives = new Map<string, Life>()
  const post = (id: string, what: string) => api.call('POST', `/containers/${id}/${what}`)

  return {
    plan: async ({ key }, container) => plans.add(key, container),
    async create({ id, take }) {
      const output = readFrames(await api.takeOver(`/containers/${id}/attach?stream=1&stdout=1`), take)
      const { answer } = await api.begin(`/containers/${id}/wait?condition=next-exit`)
      lives.set(id, { ended: answer, output })
    },
    async start(id) {
      await post(id, 'start')
      return null
    },
    async kill(id) {
      await post(id, 'kill')
    },
    async ended(id) {
      await lives.get(id)?.ended
    },
    async delete(id) {
      // The other wait is answered a moment before the container is unmounted.
      await post(id, 'wait?condition=not-running')
      await lives.get(id)?.output
      lives.delete(id)
    },
    show,
    async abandon(id) {
      const anyhow = async (work: Promise<unknown>) => work.catch(() => undefined)
      await anyhow(post(id, 'kill'))
      await anyhow(post(id, 'wait?condition=not-running'))
      lives.delete(id)
    },
  }
}
