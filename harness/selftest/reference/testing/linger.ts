/** A reference that opens its store, says so, and waits to be killed. */
import { drivers } from '../../../../drivers/index.ts'
import { scenarios } from '../../../../scenarios/index.ts'
import { openFixture } from '../fixture.ts'

const set = { size: ['1M'], image: ['tiny'], depth: ['0'] }
await openFixture(
  { driver: ['overlay2@ext4'], scenario: ['bigfile'], set, 'scratch-size': '300M' },
  { drivers, scenarios },
)
process.stdout.write('open\n')
setInterval(() => undefined, 1e6)
