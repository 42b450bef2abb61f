/** The stream of an attached container: frames of standard output and error ("Stream format" of Docker's API reference; podman has the same). */
import type { Readable } from 'node:stream'

const HEADER = 8
const STDOUT = 1

/** Hands the bytes of standard output to `take`. Resolves when the stream has ended. */
export function readFrames(stream: Readable, take: (output: Buffer) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let frame = frameIn(rest); frame !== null; frame = frameIn(rest)) {
      rest = rest.subarray(HEADER + frame.length)
      if (frame.kind === STDOUT && frame.length > 0) take(frame.bytes)
    }
  })
  return new Promise((resolve) => {
    for (const event of ['end', 'error', 'close']) stream.once(event, () => resolve())
  })
}

/** Returns the first frame; null where it is not there whole. */
function frameIn(bytes: Buffer): { kind: number; length: number; bytes: Buffer } | null {
  if (bytes.length < HEADER) return null
  const length = bytes.readUInt32BE(4)
  if (bytes.length < HEADER + length) return null
  return { kind: bytes.readUInt8(0), length, bytes: bytes.subarray(HEADER, HEADER + length) }
}
