/** Runs in the sandbox: prints what became of each hostile journal, a line of JSON each. */
import { tryJournals } from './journals.ts'
import { createWorld } from '../world.ts'

const [loops = '', seed = '0'] = process.argv.slice(2)
const [first = '', second = ''] = loops.split(' ').map((minor) => `loop${minor}`)
const world = await createWorld([first, second])
await tryJournals(world, Number(seed), (row) => process.stdout.write(`${JSON.stringify(row)}\n`))
process.exit(0)
