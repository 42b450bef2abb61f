/** Runs in namespaces of its own: prints what became of each run that was killed, a line of JSON each. */
import { tryKills } from './try-kills.ts'

const [seed = 0, kills = 0, minutes = 0] = process.argv.slice(2).map(Number)
await tryKills(kills, minutes, seed, (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`))
process.exit(0)
