/**
 * Gives commands what they use from rooms that they must not import. Each is loaded on first use, so that --help is quick.
 */
import type { Context } from './cli/context.ts'

export type Rooms = Pick<
  Context,
  | 'registry'
  | 'openImage'
  | 'summarize'
  | 'summarizeFleet'
  | 'compare'
  | 'export'
  | 'history'
  | 'claims'
  | 'judgeClaims'
  | 'describeCalibration'
>

export const rooms: Rooms = {
  async registry() {
    const [{ drivers }, { scenarios }] = await Promise.all([
      import('../drivers/index.ts'),
      import('../scenarios/index.ts'),
    ])
    return { drivers, scenarios }
  },
  async openImage(host, path) {
    const { openOwnImage } = await import('../scenarios/dataset/own-image/open.ts')
    return openOwnImage(host, path)
  },
  async summarize(run, samples, accepted) {
    const { runReport } = await import('../reports/index.ts')
    return runReport(run, samples, accepted)
  },
  async summarizeFleet(fleet, runs) {
    const { fleetReport } = await import('../reports/index.ts')
    return fleetReport(fleet, runs)
  },
  async compare(baseline, candidate, rules) {
    const { comparisonReport } = await import('../reports/index.ts')
    return comparisonReport(baseline, candidate, rules)
  },
  async export(runs, format) {
    const { exportRuns } = await import('../reports/index.ts')
    return exportRuns(runs, format)
  },
  async history() {
    const { digestOf, historyReport } = await import('../reports/index.ts')
    return { digestOf, historyReport }
  },
  async claims() {
    const { claims } = await import('../reports/claims/list/index.ts')
    return claims
  },
  async judgeClaims(run, samples, ids) {
    const { claimsReport } = await import('../reports/index.ts')
    return claimsReport(run, samples, ids)
  },
  async describeCalibration(calibration, color) {
    const { renderCalibration } = await import('../reports/index.ts')
    return renderCalibration(calibration, color)
  },
}
