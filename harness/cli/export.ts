/** `bench export`: runs in the format of another program. */
import { ExitCode, usageError } from '../contracts/error.ts'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type Exported,
  type ExportFormatName,
} from '../contracts/export.ts'
import { readGate } from '../results/read-gate.ts'
import { readRun } from '../results/run-folder.ts'
import type { Context } from './context.ts'
import { writeOutput } from './write-output.ts'

export interface ExportFlags {
  format: ExportFormatName
  output?: string
}

export async function exportCommand(
  folders: readonly string[],
  { format, output }: ExportFlags,
  context: Context,
): Promise<number> {
  const { runs }: ExportFormat = EXPORT_FORMATS[format]
  if (runs === 'one' && folders.length !== 1)
    throw usageError(
      'export-runs',
      `a file of the format ${format} holds one run, got ${folders.length}`,
      'export each run to a file of its own',
    )
  const sources = folders.map((folder) => ({ ...readRun(folder), gate: readGate(folder) }))
  const { text, notes } = await exported(() => context.export(sources, format))
  if (output === undefined) context.stdout.write(text)
  else writeOutput(output, text)
  for (const note of notes) context.stderr.write(`bench: note: ${note}\n`)
  return ExitCode.done
}

/** Runs the export; a text that is longer than a string can be (512 MiB) is a usage error. */
async function exported(work: () => Promise<Exported>): Promise<Exported> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw usageError('export-size', 'the export would be larger than 512 MiB', 'export fewer runs at once')
  }
}
