/** Progress of a fleet for people: a live line per host at a terminal, a line per step elsewhere. */
import type { FleetHost } from '../../contracts/fleet.ts'
import { movesCursor } from '../../terminal/color.ts'
import { visible } from '../../terminal/visible.ts'
import type { Context } from '../context.ts'
import type { HostNews } from '../../remote/fleet/run-on-fleet.ts'

export interface FleetProgress {
  show(host: string, news: HostNews): void
  /** Leaves the terminal as it was. */
  finish(): void
}

const SILENT: FleetProgress = { show: () => undefined, finish: () => undefined }

export async function createFleetProgress(
  { stderr, live }: Pick<Context, 'stderr' | 'live'>,
  quiet: boolean,
  hosts: readonly string[],
): Promise<FleetProgress> {
  if (quiet) return SILENT
  return movesCursor(live) ? liveProgress(live, hosts) : plainProgress(stderr)
}

function plainProgress(stream: NodeJS.WriteStream): FleetProgress {
  return {
    show(host, { state, text }) {
      const words = [state, text].filter((word) => word !== undefined)
      if (words.length > 0) stream.write(`${host}: ${visible(words.join(': '))}\n`)
    },
    finish: () => undefined,
  }
}

const MILLISECONDS_BETWEEN = 200
const ACTIVE: ReadonlySet<FleetHost['state']> = new Set(['preparing', 'running'])

async function liveProgress(stream: NodeJS.WriteStream, hosts: readonly string[]): Promise<FleetProgress> {
  const { createLogUpdate } = await import('log-update')
  const update = createLogUpdate(stream)
  const lines = new Map<string, Required<HostNews>>(
    hosts.map((host) => [host, { state: 'pending', samples: 0, text: '' }]),
  )
  const width = Math.max(...hosts.map((host) => host.length))
  const draw = () => update(linesThatFit(lines, width, stream.rows - 1, stream.columns).join('\n'))
  // Fifty hosts speak more often than anyone can read.
  const timer = setInterval(draw, MILLISECONDS_BETWEEN)
  return {
    show(host, news) {
      const line = lines.get(host)
      if (line !== undefined) Object.assign(line, news)
    },
    finish() {
      clearInterval(timer)
      update.clear()
    },
  }
}

/** Puts active hosts first when not all hosts fit the terminal. */
export function linesThatFit(
  hosts: ReadonlyMap<string, Required<HostNews>>,
  width: number,
  rows: number,
  columns: number,
): string[] {
  const all = [...hosts]
  const shown = all.length <= rows ? all : firstActive(all).slice(0, Math.max(1, rows - 1))
  const left = all.length - shown.length
  return [
    ...shown.map(([name, { state, samples, text }]) =>
      `${name.padEnd(width)}  ${state.padEnd(11)}  ${String(samples).padStart(6)} samples  ${visible(text)}`.slice(
        0,
        columns,
      ),
    ),
    ...(left === 0 ? [] : [`and ${left} more`]),
  ]
}

function firstActive(hosts: readonly [string, Required<HostNews>][]): [string, Required<HostNews>][] {
  const isActive = ([, { state }]: [string, Required<HostNews>]) => ACTIVE.has(state)
  return [...hosts.filter(isActive), ...hosts.filter((host) => !isActive(host))]
}
