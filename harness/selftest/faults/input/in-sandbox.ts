/** Runs in the sandbox: prints what begins and the answer to it, a line of JSON each. */
import { tryInput } from './try-input.ts'

const [seed = '0'] = process.argv.slice(3)
const write = process.stdout.write.bind(process.stdout)
const print = (line: object) => void write(`${JSON.stringify(line)}\n`)
await tryInput(Number(seed), { begin: (begun) => print({ begun }), end: print })
process.exit(0)
