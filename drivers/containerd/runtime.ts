/**
 * Starts containers as containerd does: its Containers and Tasks services start a shim (io.containerd.runc.v2), which calls the OCI
 * runtime. The root is the mounted snapshot, which `ctr run --rootfs` would name.
 */
import { existsSync, mkdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineContainer, EngineRuntime } from '../../harness/contracts/engine-runtime.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { childrenOf, hasEnded, programOf } from '../../harness/linux/process.ts'
import type { Method, Methods, Packed } from './api.ts'
import type { Containerd } from './daemon.ts'
import { callFailed } from './errors.ts'

const SHIM = 'io.containerd.runc.v2'
/** The kernel keeps 15 bytes of a program's name. */
const SHIM_PROGRAM = 'containerd-shim'
const SIGKILL = 9
/** Where shims have their sockets, whatever the daemon's state is: defaults.DefaultStateDir in containerd's sources. */
const SHIM_SOCKETS = '/run/containerd'

export interface ContainerdRuntime extends EngineRuntime {
  /** Lets go of shims that have ended. */
  settle(): void
  close(): Promise<void>
}

/** `directory`: private to the store. It takes the place of the folder of shims in this process' mount namespace. */
export function createRuntime(host: Host, engine: Containerd, directory: string): ContainerdRuntime {
  let sockets: Promise<() => Promise<void>> | null = null

  async function call<Name extends Method>(
    method: Name,
    request: Methods[Name]['request'],
  ): Promise<Methods[Name]['response']> {
    try {
      return await engine.call(method, request)
    } catch (error) {
      throw callFailed(method, error)
    }
  }

  async function create(given: EngineContainer): Promise<void> {
    const { id, stdout } = given
    sockets ??= hideSockets(host, join(directory, 'shims'))
    await sockets
    const container = { id, runtime: { name: SHIM, options: optionsOf(given) }, spec: specOf(given) }
    await call('containers.v1.Containers/Create', { container })
    await call('tasks.v1.Tasks/Create', { containerId: id, stdout, stderr: '/dev/null' })
  }

  return {
    create,
    start: async (containerId) => (await call('tasks.v1.Tasks/Start', { containerId })).pid,
    async ended(containerId) {
      await call('tasks.v1.Tasks/Wait', { containerId })
    },
    async delete(containerId) {
      await call('tasks.v1.Tasks/Delete', { containerId })
      await call('containers.v1.Containers/Delete', { id: containerId })
    },
    async abandon(containerId) {
      const anyhow = async (work: Promise<unknown>) => work.catch(() => undefined)
      await anyhow(engine.call('tasks.v1.Tasks/Kill', { containerId, signal: SIGKILL, all: true }))
      await anyhow(engine.call('tasks.v1.Tasks/Wait', { containerId }))
      await anyhow(engine.call('tasks.v1.Tasks/Delete', { containerId }))
      await anyhow(engine.call('containers.v1.Containers/Delete', { id: containerId }))
    },
    settle: () => reapShims(host),
    async close() {
      reapShims(host)
      await (
        await sockets
      )?.()
    },
  }
}

/** A shim is left behind by the program that starts it: a child of this process where that is the first of its PID namespace. */
function reapShims(host: Host): void {
  for (const pid of childrenOf(process.pid) ?? [])
    if (programOf(pid) === SHIM_PROGRAM && hasEnded(pid)) host.syscalls.reap(pid)
}

/** Mounts a folder over that of the shims' sockets, and returns what takes it away again. */
async function hideSockets(host: Host, folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true })
  const isMade = !existsSync(SHIM_SOCKETS)
  mkdirSync(SHIM_SOCKETS, { recursive: true, mode: 0o711 })
  await host.mount([{ type: 'bind', source: folder, options: ['bind', 'rw'] }], SHIM_SOCKETS)
  return async () => {
    await host.unmount(SHIM_SOCKETS)
    if (isMade) rmdirSync(SHIM_SOCKETS)
  }
}

function specOf({ config }: EngineContainer): Packed {
  return { type_url: 'types.containerd.io/opencontainers/runtime-spec/1/Spec', value: Buffer.from(config) }
}

/** Packs containerd.runc.v1.Options: the runtime's program is field 6, its state's folder field 7. */
function optionsOf({ runtime, state }: EngineContainer): Packed {
  const field = (number: number, text: string) => {
    const bytes = Buffer.from(text)
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
  }
  return {
    type_url: 'containerd.runc.v1.Options',
    value: Buffer.concat([field(6, runtime), field(7, state)]),
  }
}

/** Numbers of protobuf: seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)]
}
