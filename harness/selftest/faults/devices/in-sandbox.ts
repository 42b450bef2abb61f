/** Runs in the sandbox: prints the answer to each device, a line of JSON each. */
import { tryDevices } from './try-devices.ts'

await tryDevices((answer) => process.stdout.write(`${JSON.stringify(answer)}\n`))
process.exit(0)
