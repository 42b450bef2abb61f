import { formatDuration, formatValue, plural } from '../../format.ts'
import type { Summary } from '../../summary/types.ts'
import type { Fact } from './environment.ts'

/** How the run was measured, and how to repeat it. */
export interface MethodView {
  command: string
  facts: readonly Fact[]
  images: readonly { id: string; layers: string; files: string; bytes: string; manifest: string }[]
  drivers: readonly { config: string; title: string; summary: string; kind: string }[]
}

export function method({ run, rounds, cells }: Summary): MethodView {
  const { options } = run
  const caches = [...new Set(cells.map(({ cell }) => cell.cache))]
  const scratch = { loop: 'loop files, fully allocated, in', device: 'the device' }[options.scratch.kind]
  const facts: Record<string, string> = {
    Run: run.id,
    Order: 'every round visits every cell once, in a fresh order drawn from the seed',
    Seed: String(options.seed),
    Rounds: `${rounds} measured, ${options.rounds} planned`,
    Profile: options.profile,
    Budget: options.budgetSeconds === null ? 'none' : formatDuration(options.budgetSeconds),
    'Cache state': caches.join(' and '),
    Scratch: `${scratch} ${options.scratch.path}, ${formatValue(options.scratch.size, 'bytes')} for each configuration`,
    Samples: 'each on a fresh container layer over the same committed image',
    Control: 'a plain directory on the same file system; ratios are taken between samples of the same round',
    Intervals: 'rank-based (order statistics), with the coverage that the number of samples allows',
  }
  return {
    command: run.command,
    facts: Object.entries(facts).map(([name, value]) => ({ name, value })),
    images: Object.entries(run.images).map(([id, image]) => ({
      id,
      layers: plural(image.layers, 'layer'),
      files: plural(image.files, 'file'),
      bytes: formatValue(image.bytes, 'bytes'),
      manifest: image.manifest,
    })),
    drivers: run.drivers.map(({ config, title, summary, emulated, role }) => ({
      config,
      title,
      summary,
      kind: role === 'control' ? 'control' : emulated ? 'emulation' : 'driver',
    })),
  }
}
