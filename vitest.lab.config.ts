import { defineConfig } from 'vitest/config'

/** `npm run test:lab`: one file a flavour of the lab, one at a time, since an emulated machine takes every core. */
export default defineConfig({
  test: {
    include: ['harness/testing/lab/flavours/*.lab.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
  },
})
