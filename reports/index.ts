/** From a run and its samples to what a person reads. Pure but for reading the page's own assets. */
export { renderCalibration } from './calibration-table.ts'
export { renderHtml } from './html/render.ts'
export { summarize } from './summary/summarize.ts'
export type { CellSummary, Panel, PhaseSummary, Summary } from './summary/types.ts'
export { renderTable, type TableOptions } from './terminal.ts'
export type { Sentence } from './verdict/sentence.ts'
export { verdict } from './verdict/verdict.ts'
