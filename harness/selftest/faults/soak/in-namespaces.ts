/** Runs in namespaces of its own: prints what the machine holds after each run, a line of JSON each. */
import { soak } from './soak.ts'

const [, , minutes = 0] = process.argv.slice(2).map(Number)
await soak(minutes, (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`))
process.exit(0)
