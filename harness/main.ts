#!/usr/bin/env node
/** Composition root: the only file that sees every room. Turns errors into one line and an exit code. */
import { fileURLToPath } from 'node:url'
import { CommanderError } from 'commander'
import type { Context } from './cli/context.ts'
import { createProgram } from './cli/program.ts'
import { BenchError, ExitCode } from './contracts/error.ts'
import { packageVersion } from './host/facts/package-version.ts'

/** Must be the same words as in `runner/child-process.ts` and `cli/job.ts`; not imported, to keep --help quick. */
const MEASURE_COMMAND = '__measure'
const JOB_COMMAND = '__job'

const here = fileURLToPath(import.meta.url)

const context: Context = {
  stdout: process.stdout,
  stderr: process.stderr,
  program: [...process.execArgv, here],
  version: packageVersion(),
  async registry() {
    const [{ drivers }, { scenarios }] = await Promise.all([
      import('../drivers/index.ts'),
      import('../scenarios/index.ts'),
    ])
    return { drivers, scenarios }
  },
  async summarize(run, samples) {
    const { runReport } = await import('../reports/index.ts')
    return runReport(run, samples)
  },
  async summarizeFleet(fleet, runs) {
    const { fleetReport } = await import('../reports/index.ts')
    return fleetReport(fleet, runs)
  },
  async compare(baseline, candidate, threshold) {
    const { comparisonReport } = await import('../reports/index.ts')
    return comparisonReport(baseline, candidate, threshold)
  },
  async describeCalibration(calibration, color) {
    const { renderCalibration } = await import('../reports/index.ts')
    return renderCalibration(calibration, color)
  },
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === MEASURE_COMMAND) {
    const { measureCommand } = await import('./cli/measure.ts')
    return measureCommand(context)
  }
  if (argv[0] === JOB_COMMAND) {
    const { jobCommand } = await import('./cli/job.ts')
    return jobCommand(argv.slice(1), context)
  }
  let exitCode: number = ExitCode.done
  const program = createProgram(context, (code) => (exitCode = code))
  await program.parseAsync(argv, { from: 'user' })
  return exitCode
}

/** One line for what a person can mend; a stack for a bug. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version are thrown too, with exit code 0.
    if (error.exitCode === 0) return ExitCode.done
    if (error.code === 'commander.help') {
      process.stderr.write('bench: a command is missing: bench --help lists them\n')
      return ExitCode.usage
    }
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    process.stderr.write(`bench: ${message}\n`)
    return ExitCode.usage
  }
  if (error instanceof BenchError) {
    process.stderr.write(`bench: ${error.message}${error.hint === undefined ? '' : `: ${error.hint}`}\n`)
    return error.exitCode
  }
  process.stderr.write(`bench: a bug: ${error instanceof Error ? error.stack : String(error)}\n`)
  return ExitCode.bug
}

// A reader that has had enough (`| head`) is no error, and no reason to leave a run half cleaned up.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = report(error)
}
