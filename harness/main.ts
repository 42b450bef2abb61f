#!/usr/bin/env node
/** The program: its streams, its version, and every room, given to the command that the words name. */
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './cli/command-line.ts'
import { packageVersion } from './linux/package.ts'
import { rooms } from './rooms.ts'

// A reader that has had enough (`| head`) is no error, and no reason to leave a run half cleaned up.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  program: [...process.execArgv, fileURLToPath(import.meta.url)],
  version: packageVersion(),
  ...rooms,
})
