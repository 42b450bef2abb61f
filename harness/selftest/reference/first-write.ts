/** The harness's own first write against the same calls in C, on fresh container layers of one store, in turn. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import type { Registry } from '../../contracts/plan.ts'
import { openLaboratory, type Laboratory } from './laboratory.ts'
import { inTurn, type Pairs } from './pairs.ts'
import { inContainer, sampleByHarness, sumOf } from './samples.ts'

const NANOSECONDS = 1e9
const PHASES = ['open', 'write', 'fsync'] as const

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
  const program = await compile(laboratory)
  return await inTurn(
    pairs,
    async () => sumOf(await sampleByHarness(laboratory), PHASES),
    () => byReference(laboratory, program),
  )
}

async function compile({ host, directory }: Laboratory): Promise<string> {
  const program = join(directory, 'first-write')
  const source = fileURLToPath(new URL('first-write.c', import.meta.url))
  await host.run('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source])
  return program
}

async function byReference(laboratory: Laboratory, program: string): Promise<number> {
  const middle = String(Math.floor((laboratory.image.manifest.get(BIG_FILE)?.size ?? 0) / 2))
  return inContainer(laboratory, BIG_FILE, async ({ root }) => {
    const { stdout } = await laboratory.host.run(program, [join(root, BIG_FILE), middle, '1'])
    const nanoseconds = stdout.trim().split(' ').map(Number)
    return nanoseconds.reduce((sum, value) => sum + value, 0) / NANOSECONDS
  })
}
