import { useColor } from './color.ts'
import { visibleLines, visibleStyledLines } from './visible.ts'

/**
 * Returns the stream with control characters in texts made visible, except newlines and, at a terminal, colours. So no
 * name, path or message from elsewhere moves the cursor, retitles or clears the terminal; and JSON stays the same JSON.
 * `sink` gets the texts in place of the stream's own `write`.
 */
export function guardStream<Stream extends NodeJS.WriteStream>(
  stream: Stream,
  sink: Stream['write'] = stream.write.bind(stream),
): Stream {
  const shown = stream.isTTY || useColor(stream) ? visibleStyledLines : visibleLines
  const write = (chunk: string | Uint8Array, ...rest: never[]) =>
    sink(typeof chunk === 'string' ? shown(chunk) : chunk, ...rest)
  return new Proxy(stream, {
    get(target, key) {
      if (key === 'write') return write
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
