/** Runs in the sandbox: prints what begins and the answer to it, a line of JSON each. */
import { tryFaults } from './try-faults.ts'

const print = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`)
tryFaults((begun) => print({ begun }), print)
process.exit(0)
