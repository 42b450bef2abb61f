/** The harness's own first write against the same calls in C, on fresh container layers of one store, in turn. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import type { Registry } from '../../contracts/plan.ts'
import { openFixture, type Fixture } from './fixture.ts'
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
  await using fixture = await openFixture(
    { driver: [configuration], scenario: ['bigfile'], set: { size: [size] } },
    registry,
  )
  const program = await compile(fixture)
  return await inTurn(
    pairs,
    async () => sumOf(await sampleByHarness(fixture), PHASES),
    () => byReference(fixture, program),
  )
}

async function compile({ host, directory }: Fixture): Promise<string> {
  const program = join(directory, 'first-write')
  const source = fileURLToPath(new URL('first-write.c', import.meta.url))
  await host.run('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source])
  return program
}

async function byReference(fixture: Fixture, program: string): Promise<number> {
  const middle = String(Math.floor((fixture.image.manifest.get(BIG_FILE)?.size ?? 0) / 2))
  return inContainer(fixture, BIG_FILE, async ({ root }) => {
    const { stdout } = await fixture.host.run(program, [join(root, BIG_FILE), middle, '1'])
    const nanoseconds = stdout.trim().split(' ').map(Number)
    return nanoseconds.reduce((sum, value) => sum + value, 0) / NANOSECONDS
  })
}
