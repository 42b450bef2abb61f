/** From runs and their samples to what a person reads. Pure but for reading the pages' own assets. */
export { renderCalibration } from './render/terminal/calibration.ts'
export { comparisonReport } from './compare/report.ts'
export { fleetReport } from './fleet/report.ts'
export { runReport } from './run-report.ts'
