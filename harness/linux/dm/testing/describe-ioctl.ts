/** Requests to device mapper as a log of calls shows them. */
import { Command, requestCode, type CommandName } from '../control.ts'
import { decodeHeader, HEADER_SIZE, readString } from '../header.ts'
import { decodeTargets } from '../targets.ts'

/** The command of an ioctl's number; undefined for what is not device mapper's. */
export const COMMANDS: ReadonlyMap<number, CommandName> = new Map(
  (Object.keys(Command) as CommandName[]).map((command) => [requestCode(command), command]),
)

/** `create bench-1-pool`, `message bench-1-pool create_snap 2 1`, `load bench-1-a thin 252:2 2`. */
export function describeIoctl(request: number, argument: Uint8Array | number): string {
  const command = COMMANDS.get(request)
  if (command === undefined || typeof argument === 'number') return `ioctl 0x${request.toString(16)}`
  const buffer = Buffer.from(argument)
  const header = decodeHeader(buffer)
  const payload = buffer.subarray(HEADER_SIZE)
  if (command === 'message') return `message ${header.name} ${readString(payload, 8)}`
  if (command === 'load') {
    const [target] = decodeTargets(payload, header.targetCount)
    return `load ${header.name} ${target?.type} ${target?.parameters}`
  }
  return header.name === '' ? command : `${command} ${header.name}`
}
