/** What every command is handed by the composition root. */
import type { Row, Run, Sample } from '../contracts/run.ts'
import type { Registry } from '../plan/plan.ts'

/** The reports room, as the commands use it. */
export interface Reports {
  rows(run: Run, samples: readonly Sample[]): readonly Row[]
  /** The table and the verdict, for a terminal. */
  terminal(run: Run, samples: readonly Sample[], width: number, color: boolean): string
  html(run: Run, samples: readonly Sample[]): string
}

export interface Context {
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** The command line that starts this program again. */
  program: readonly string[]
  version: string
  /** Loaded when first needed, so that --help is quick. */
  registry(): Promise<Registry>
  reports(): Promise<Reports>
}

export function useColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && (process.env['NO_COLOR'] ?? '') === ''
}

export function widthOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? stream.columns : 120
}
