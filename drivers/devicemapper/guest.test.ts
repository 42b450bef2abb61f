/**
 * The driver on real thin pools, in a machine of the lab, whatever kernel this one has: in User-mode Linux, which boots in
 * seconds, or where that does not run in an emulated Debian 12. `npm run test:lab` runs all configurations in every flavour.
 */
import { guestSuite } from '../../harness/testing/lab/guest-suite.ts'

await guestSuite({
  flavour: 'any',
  runs: [
    {
      files: ['drivers/devicemapper/devicemapper.test.ts'],
      pattern: String.raw`devicemapper@ext4(\+pool=loop)? `,
    },
  ],
  seconds: 900,
})
