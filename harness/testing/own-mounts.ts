/**
 * vitest's pool of processes, each in a mount namespace of its own. A file system that one test file mounts is then in no
 * namespace that another file's processes make meanwhile: there it would stay mounted after its own unmount, not written
 * back, and its device in use. Whatever is mounted ends with the process.
 */
import { spawnSync } from 'node:child_process'
import { ForksPoolWorker } from 'vitest/node'
import { inMountNamespace } from '../linux/privilege.ts'

/** Wraps a command so that it has a mount namespace of its own, where the kernel lets us. */
function inOwnMounts(command: readonly string[]): readonly string[] {
  const [program, ...words] = inMountNamespace(['true'])
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0 ? inMountNamespace(command) : command
}

class OwnMountsWorker extends ForksPoolWorker {
  override readonly name = 'own-mounts'

  /** Starts the process: fork(3) of Node takes the program from `process.execPath`, and it is called at once. */
  override start(): Promise<void> {
    const { execPath } = process
    const [program = execPath, ...words] = inOwnMounts([execPath, ...this.execArgv])
    this.execArgv = words
    process.execPath = program
    try {
      return super.start()
    } finally {
      process.execPath = execPath
    }
  }
}

type ForksOptions = ConstructorParameters<typeof ForksPoolWorker>[0]

/** For `pool` of a project whose tests mount. */
export const ownMounts = {
  name: 'own-mounts',
  createPoolWorker: (options: ForksOptions) => new OwnMountsWorker(options),
}
