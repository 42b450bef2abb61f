/**
 * Whether every check runs on every configuration of the engines, which takes an hour: `BENCH_TEST_ENGINES=all npx vitest run …`.
 * Otherwise those that are not dear run on one configuration of each engine.
 */
export const EVERY_CONFIGURATION = process.env['BENCH_TEST_ENGINES'] === 'all'

/** Checks that take minutes where each layer is committed by an engine, or fill the scratch with the zeros of a sparse file. */
export const DEAR = [
  '120 layers',
  'a sparse file of the image stays sparse when it is changed',
  'a file of 5 GiB',
  'a change beyond 4 GiB in a file of the image',
]
