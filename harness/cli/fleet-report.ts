import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../contracts/report.ts'
import { hostFolder, readFleet } from '../remote/fleet/fleet-folder.ts'
import { readRun, REPORT_FILE, RUN_FILE } from '../results/run-folder.ts'
import type { Context } from './context.ts'
import { replaceFile } from '../linux/replace-file.ts'

/** The report of a fleet. The pages of its hosts, to which it links, are drawn on the way. */
export async function drawFleet(folder: string, context: Context): Promise<Report> {
  const fleet = readFleet(folder)
  const runs = fleet.hosts
    .map(({ name }) => ({ name, folder: hostFolder(folder, name) }))
    .filter((host) => existsSync(join(host.folder, RUN_FILE)))
    .map((host) => ({ ...host, ...readRun(host.folder) }))
  for (const { folder: own, run, samples } of runs) {
    const page = (await context.summarize(run, samples)).html()
    replaceFile(join(own, REPORT_FILE), page)
  }
  return context.summarizeFleet(fleet, runs)
}
