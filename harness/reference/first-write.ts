/** The harness's own first write against the same calls in C, on fresh container layers of one store, in turn. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Host } from '../contracts/host.ts'
import type { Registry } from '../plan/plan.ts'
import { openLaboratory, type Laboratory } from './laboratory.ts'
import { inTurn, type Pairs } from './pairs.ts'

const NANOSECONDS = 1e9
const PHASES = ['open', 'write', 'fsync'] as const
const FILE = 'var/lib/bench/bigfile'

export async function compareFirstWrite(
  registry: Registry,
  configuration: string,
  size: string,
  pairs: number,
): Promise<Pairs> {
  await using laboratory = await openLaboratory(
    { driver: [configuration], scenario: ['bigfile'], set: { size: [size] } },
    registry,
  )
  const folder = mkdtempSync(join(tmpdir(), 'bench-reference-c-'))
  try {
    const program = await compile(laboratory.host, folder)
    return await inTurn(
      pairs,
      () => byHarness(laboratory),
      () => byReference(laboratory, program),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function compile(host: Host, folder: string): Promise<string> {
  const program = join(folder, 'first-write')
  const source = fileURLToPath(new URL('first-write.c', import.meta.url))
  await host.run('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source])
  return program
}

async function byHarness(laboratory: Laboratory): Promise<number> {
  const trial = await laboratory.trial()
  await laboratory.store.snapshotter.settle()
  await laboratory.cell.paramSet.scenario.run(trial)
  await trial.tearDown()
  return PHASES.reduce((sum, phase) => sum + (trial.values[phase] ?? 0), 0)
}

async function byReference(laboratory: Laboratory, program: string): Promise<number> {
  const trial = await laboratory.trial()
  await laboratory.store.snapshotter.settle()
  const container = trial.container()
  await container.prepare()
  await container.mount()
  await container.provenance(FILE)
  await trial.setCache(container, [FILE])
  const entry = laboratory.image.manifest.get(FILE)
  const middle = String(Math.floor((entry?.size ?? 0) / 2))
  const { stdout } = await laboratory.host.run(program, [join(container.root, FILE), middle, '1'])
  await trial.tearDown()
  return (
    stdout
      .trim()
      .split(' ')
      .map(Number)
      .reduce((sum, value) => sum + value, 0) / NANOSECONDS
  )
}
