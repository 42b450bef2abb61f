/**
 * The driver on real thin pools, in machines of the lab, whatever kernel this one has: all checks in User-mode Linux, and
 * those that show its mechanism in an emulated Debian 12, where each takes seconds. `npm run test:lab` runs all of them in
 * every flavour.
 */
import { guestSuite } from '../../harness/testing/lab/guest-suite.ts'

const files = ['drivers/devicemapper/devicemapper.test.ts']

await guestSuite({
  flavour: 'uml',
  runs: [{ files, pattern: String.raw`devicemapper@ext4(\+pool=loop)? ` }],
  seconds: 300,
})

await guestSuite({
  flavour: 'debian-12',
  runs: [
    {
      files,
      pattern: String.raw`devicemapper@ext4 (is supported|the store names|write in place|layers below never|remove of what is mounted|provenance before|a second change|disposing)`,
    },
  ],
  seconds: 300,
})
