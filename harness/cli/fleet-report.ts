import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../contracts/report.ts'
import { hostFolder, readFleet } from '../remote/fleet/fleet-folder.ts'
import { readRun, RUN_FILE } from '../results/run-folder.ts'
import type { Context } from './context.ts'
import { writeReport, type Writing } from './write-report.ts'

/**
 * Draws the report of a fleet. The pages of its hosts, to which it links, are drawn on the way; `writing` runs what writes one.
 * Throws a BenchError where a page cannot be written.
 */
export async function drawFleet(
  folder: string,
  context: Context,
  writing: Writing = (write) => write(),
): Promise<Report> {
  const fleet = readFleet(folder)
  const runs = fleet.hosts
    .map(({ name }) => ({ name, folder: hostFolder(folder, name) }))
    .filter((host) => existsSync(join(host.folder, RUN_FILE)))
    .map((host) => ({ ...host, ...readRun(host.folder) }))
  for (const { folder: own, run, samples } of runs) {
    const drawn = await context.summarize(run, samples)
    writing(() => writeReport(own, drawn))
  }
  return context.summarizeFleet(fleet, runs)
}
