/**
 * Tests that need device mapper, in a machine of the lab, whatever kernel this one has: the driver on real thin pools,
 * and flushes that dm-delay delays. In User-mode Linux, which boots in seconds, or where that does not run in an emulated
 * Debian 12. `npm run test:flavours` runs all configurations of the driver in every flavour.
 */
import { guestSuite } from './guest-suite.ts'

await guestSuite({
  flavour: 'any',
  runs: [
    {
      files: [
        'drivers/devicemapper/devicemapper.root.test.ts',
        'harness/runner/delayed-scratch.root.test.ts',
      ],
      pattern: String.raw`devicemapper@ext4(\+pool=loop)? |a delayed scratch `,
    },
  ],
  seconds: 900,
})
