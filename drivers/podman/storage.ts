/**
 * The program `containers-storage`: the library by which podman, buildah and CRI-O keep layers, as a command. Each verb opens the
 * store, takes its locks and closes it again, as each of podman's commands does.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { CommandResult, Host } from '../../harness/contracts/host.ts'
import { withLastLines } from '../../harness/linux/last-lines.ts'

export const PROGRAM = 'containers-storage'

/** Lines of what the program wrote that an error quotes. */
const QUOTED_LINES = 3

export interface StorageSettings {
  /** `overlay`, `btrfs`, `vfs`: its own name of the storage driver. */
  driver: string
  /** Layers: on the backing. */
  graphRoot: string
  /** State that does not survive a reboot. */
  runRoot: string
  /** Lines of `[storage.options.overlay]`. */
  overlay: readonly string[]
}

/** One store of the program. */
export interface Storage extends Pick<StorageSettings, 'graphRoot' | 'runRoot'> {
  /** Its configuration. */
  readonly file: string
  /** Runs a verb and returns what it printed. Throws `driver.engine` with the program's last lines. */
  run(...args: readonly string[]): Promise<string>
  /** Returns what `status` says, by the name in front of the colon. */
  status(): Promise<ReadonlyMap<string, string>>
  /** Unmounts all that the program has mounted: its own folder, too, which it binds to itself. */
  shutdown(): Promise<void>
}

/** Writes a configuration file of its own into `directory`, so that the system's is never read. */
export function openStorage(host: Host, directory: string, settings: StorageSettings): Storage {
  const file = join(directory, 'storage.conf')
  writeFileSync(file, configurationOf(settings))
  // Either of the others would take precedence over the file.
  const env = { CONTAINERS_STORAGE_CONF: file, STORAGE_DRIVER: undefined, STORAGE_OPTS: undefined }

  /** Not `Host.run`, whose own work would be a third of the time of a verb. */
  async function call(args: readonly string[]): Promise<CommandResult> {
    const result = await host.pipe(PROGRAM, args, { env }).ended
    const { exitCode, stderr } = result
    if (exitCode === 0) return result
    throw new BenchError(
      withLastLines(`${PROGRAM} ${args[0]} ended with ${exitCode}`, stderr, QUOTED_LINES),
      {
        code: 'driver.engine',
        exitCode: ExitCode.cellFailed,
      },
    )
  }

  const { graphRoot, runRoot } = settings
  return {
    file,
    graphRoot,
    runRoot,
    run: async (...args) => (await call(args)).stdout,
    async status() {
      // It goes to standard error.
      const { stdout, stderr } = await call(['status'])
      const lines = `${stdout}\n${stderr}`.split('\n')
      return new Map(lines.map((line) => line.split(/:\s*/)).map(([name = '', value = '']) => [name, value]))
    },
    async shutdown() {
      await call(['shutdown', '--force'])
    },
  }
}

/** containers-storage.conf(5). */
export function configurationOf({ driver, graphRoot, runRoot, overlay }: StorageSettings): string {
  return [
    '[storage]',
    `driver = "${driver}"`,
    `graphroot = "${graphRoot}"`,
    `runroot = "${runRoot}"`,
    '[storage.options.overlay]',
    ...overlay,
    '',
  ].join('\n')
}
