import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readFrames } from './output-frames.ts'

function frame(kind: number, text: string): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(kind, 0)
  header.writeUInt32BE(text.length, 4)
  return Buffer.concat([header, Buffer.from(text)])
}

test('standard output is what was written, however the stream is cut into pieces', async () => {
  const bytes = Buffer.concat([frame(1, 'rea'), frame(2, 'an error'), frame(1, ''), frame(1, 'dy\n')])
  for (const size of [1, 7, 9, bytes.length]) {
    const stream = new PassThrough()
    const taken: Buffer[] = []
    const ended = readFrames(stream, (output) => taken.push(output))
    for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size))
    stream.end()
    await ended
    expect(Buffer.concat(taken).toString()).toBe('ready\n')
  }
})
