import { createColors } from 'picocolors'
import { ExitCode } from '../contracts/error.ts'
import { useColor } from '../terminal/color.ts'
import type { Host } from '../contracts/host.ts'
import { examine, type Check, type NeedyDriver } from '../host/doctor.ts'

export interface DoctorOptions {
  json: boolean
  /** Folder of the loop files, in place of the default. */
  scratch?: string
}

export interface DoctorContext {
  host: Host
  /** Drivers whose needs are checked. */
  drivers: readonly NeedyDriver[]
  scratchDirectory: string
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
}

const MARKS = { ok: '✓', warning: '!', missing: '✗' } as const

/**
 * `bench doctor`: prints what it finds, as a list or as `{ "checks": [ … ] }`. Returns the exit code: that of a host that
 * is not ready when something is missing that the harness itself needs; else done, with warnings too.
 */
export async function doctor(options: DoctorOptions, context: DoctorContext): Promise<ExitCode> {
  const checks = await examine(context.host, options.scratch ?? context.scratchDirectory, context.drivers)
  const { stdout } = context
  stdout.write(
    options.json ? `${JSON.stringify({ checks }, null, 2)}\n` : formatChecks(checks, useColor(stdout)),
  )
  return blocking(checks).length > 0 ? ExitCode.hostNotReady : ExitCode.done
}

/** Returns the checks that failed and are required. */
function blocking(checks: readonly Check[]): Check[] {
  return checks.filter(({ state, needed }) => needed && state === 'missing')
}

/** Returns a line a check, what to do about it below, and the sum at the end. */
export function formatChecks(checks: readonly Check[], color: boolean): string {
  const colors = createColors(color)
  const paint = { ok: colors.green, warning: colors.yellow, missing: colors.red }
  const width = Math.max(...checks.map(({ title }) => title.length))
  const indent = ' '.repeat(width + 6)
  const lines = checks.flatMap(({ state, title, found, mend }) => [
    `  ${paint[state](MARKS[state])} ${title.padEnd(width)}  ${found}`,
    ...(mend === null ? [] : [`${indent}${colors.dim(`→ ${mend}`)}`]),
  ])
  return `${[...lines, '', summary(checks)].join('\n')}\n`
}

function summary(checks: readonly Check[]): string {
  const count = (state: Check['state']) => checks.filter((check) => check.state === state).length
  const warnings = count('warning')
  const sum = `${count('ok')} ok, ${warnings} warning${warnings === 1 ? '' : 's'}, ${count('missing')} missing`
  const lacking = blocking(checks).map(({ title }) => title)
  return lacking.length === 0 ? sum : `${sum}; nothing can be measured without: ${lacking.join(', ')}`
}
