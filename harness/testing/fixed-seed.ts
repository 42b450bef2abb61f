/**
 * Runs before each file of tests: property tests draw the same cases every time, so that a test which passed passes again.
 * `BENCH_TEST_SEED=2` draws others, to look for what no case has shown yet.
 */
import { configureGlobal } from 'fast-check'

configureGlobal({ seed: Number(process.env['BENCH_TEST_SEED'] ?? 1) })
