/** `touch=`: what is done to the file. */
import { z } from 'zod'

export const touchKinds = ['byte', 'append', 'open', 'chmod', 'truncate', 'mmap', 'fraction'] as const

export interface Touch {
  kind: (typeof touchKinds)[number]
  /** Share of the file, for `fraction`; 0 for the others. */
  share: number
}

const FRACTION = /^fraction:(\d*\.?\d+)$/
const SMALLEST_SHARE = 0.01

function parseTouch(text: string): Touch | null {
  const share = Number(FRACTION.exec(text)?.[1] ?? NaN)
  if (share >= SMALLEST_SHARE && share <= 1) return { kind: 'fraction', share }
  const kind = touchKinds.find((candidate) => candidate === text && candidate !== 'fraction')
  return kind === undefined ? null : { kind, share: 0 }
}

export function formatTouch(touch: Touch): string {
  return touch.kind === 'fraction' ? `fraction:${touch.share}` : touch.kind
}

export function touchOption() {
  return z
    .codec(
      z.string().refine((text) => parseTouch(text) !== null, {
        error: 'is not one of byte, append, open, chmod, truncate, mmap, fraction:0.01 … fraction:1',
      }),
      z.object({ kind: z.enum(touchKinds), share: z.number() }),
      { decode: (text) => parseTouch(text) ?? { kind: 'byte' as const, share: 0 }, encode: formatTouch },
    )
    .prefault('byte')
    .describe(
      'byte (1 in the middle), append (1 at the end), open (read-write, nothing written), chmod, truncate (to half), mmap (1 byte stored), fraction:0.01…1 (scattered 4 KiB blocks)',
    )
}
