#!/usr/bin/env node
/** The program: its streams, its version, and every room, given to the command that the words name. */
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './cli/command-line.ts'
import { terminalsAtExit } from './cli/output.ts'
import { packageVersion } from './linux/package.ts'
import { rooms } from './rooms.ts'

process.on('exit', terminalsAtExit())

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  program: [...process.execArgv, fileURLToPath(import.meta.url)],
  version: packageVersion(),
  ...rooms,
})
