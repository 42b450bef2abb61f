import { defineConfig } from 'vitest/config'

/** `npm run test:lab`: emulated machines, one at a time, since each takes every core. */
export default defineConfig({
  test: {
    include: ['harness/**/*.lab.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
  },
})
