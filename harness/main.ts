#!/usr/bin/env node
/** The program: its streams, its version, and every room, given to the command that the words name. */
import { fileURLToPath } from 'node:url'

// A write beyond `ulimit -f` is then the error EFBIG, and no longer the end of the process: setrlimit(2).
process.on('SIGXFSZ', () => undefined)

/** Returns the parts of the program. Loads them here, since nothing can catch an error of what is imported above. */
async function load() {
  const { runCommandLine } = await import('./cli/command-line.ts')
  const { terminalsAtExit } = await import('./cli/output.ts')
  const { packageVersion } = await import('./linux/package.ts')
  const { rooms } = await import('./rooms.ts')
  return { runCommandLine, terminalsAtExit, packageVersion, rooms }
}

async function main(): Promise<number> {
  const { runCommandLine, terminalsAtExit, packageVersion, rooms } = await load()
  process.on('exit', terminalsAtExit())
  return runCommandLine(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    program: [...process.execArgv, fileURLToPath(import.meta.url)],
    version: packageVersion(),
    ...rooms,
  })
}

/** Exit code of a host that is not ready: `ExitCode` could not be loaded. */
const HOST_NOT_READY = 4

function outOfFiles(error: unknown): number {
  if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error
  process.stderr.write(
    `bench: the program cannot be loaded: ${error.message}: raise the limit of open files: ulimit -n\n`,
  )
  return HOST_NOT_READY
}

process.exitCode = await main().catch(outOfFiles)
