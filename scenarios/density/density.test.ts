import { appendFileSync, fstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { HeldFiles } from '../../harness/contracts/scenario.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { createFakeTrial, type FakeTrialScript } from '../testing/fake-trial.ts'
import { density } from './index.ts'
import { pathsOf, type DensityParams } from './params.ts'

const SIZE = 8192

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<DensityParams>> = {}) {
  const params = density.params.parse({ size: String(SIZE), files: '2', containers: '3', ...text })
  return createFakeTrial<DensityParams>({
    params,
    image: (writer) => pathsOf(params).forEach((path) => writer.bytes(path, 'x'.repeat(SIZE), 0o644)),
    host: createFakeHost(),
    after: { layer: 'lower', sharedBytes: null, exclusiveBytes: 0 },
    allocated: () => 0,
    ...script,
  })
}

const code = (value: string) => expect.objectContaining({ code: value }) as Error
const COPY = 2 * SIZE

describe('density', () => {
  it('brings all containers up before the first reads, and looks at nothing between two that read', async () => {
    const trial = trialOf({})
    await density.run(trial)
    const files = pathsOf(trial.params).join(' ')
    expect(trial.log).toEqual([
      'time prepare',
      'time mount',
      `cache ${files}`,
      'time prepare',
      'time mount',
      'time prepare',
      'time mount',
      `cache ${files}`,
      'time read-first',
      'time read-last',
      'held container-0 container-1 container-2',
      'record copies',
      'record cache-more',
      'record disk-more',
    ])
  })

  it.each([
    ['shared', [COPY, 0, 0], 1, 0],
    ['a copy each', [COPY, COPY, COPY], 3, COPY],
    ['a copy each, and one beneath', [2 * COPY, COPY, COPY], 4, COPY],
  ])('counts copies: %s', async (_, held, copies, more) => {
    const trial = trialOf({}, { held: () => held })
    await density.verify(trial, await density.run(trial))
    expect(trial.values).toMatchObject({ copies, 'cache-more': more })
  })

  it('counts what the containers after the first take of the disk, each', async () => {
    const grown = [1000, 5000]
    const trial = trialOf({}, { allocated: () => grown.shift() ?? 5000 })
    await density.run(trial)
    expect(trial.values['disk-more']).toBe(2000)
  })

  it('takes no negative space for a store that freed something', async () => {
    const grown = [1000, 0]
    const trial = trialOf({}, { allocated: () => grown.shift() ?? 0 })
    await density.run(trial)
    expect(trial.values['disk-more']).toBe(0)
  })

  it('of one container reports nothing of further ones', async () => {
    const trial = trialOf({ containers: '1' })
    await density.verify(trial, await density.run(trial))
    expect(trial.values).toMatchObject({ copies: 1 })
    for (const phase of ['read-last', 'cache-more', 'disk-more']) {
      expect(trial.values).not.toHaveProperty(phase)
      expect(density.meta.phasesOf?.(trial.params)).not.toContain(phase)
    }
  })

  it.each([
    ['less than the first container read', () => [COPY - 1, 0, 0]],
    ['containers made alike that differ', () => [COPY, COPY, 0]],
  ])('refuses page cache that another program dropped: %s', async (_, held) => {
    const trial = trialOf({}, { held })
    const observed = await density.run(trial)
    await expect(density.verify(trial, observed)).rejects.toThrow(code('witness.cache'))
  })

  it('refuses a container that has a file of its own', async () => {
    const trial = trialOf({}, { after: { layer: 'upper', sharedBytes: 0, exclusiveBytes: SIZE } })
    const observed = await density.run(trial)
    await expect(density.verify(trial, observed)).rejects.toThrow(code('witness.mechanism'))
  })

  it('refuses wrong bytes in any container', async () => {
    const trial = trialOf({})
    const observed = await density.run(trial)
    const [path = ''] = pathsOf(trial.params)
    appendFileSync(join(trial.container(2).root, path), 'y')
    await expect(density.verify(trial, observed)).rejects.toThrow(code('witness.content'))
  })

  it('refuses an image that changed', async () => {
    const trial = trialOf({})
    const observed = await density.run(trial)
    const [path = ''] = pathsOf(trial.params)
    appendFileSync(join(trial.lower, path), 'y')
    await expect(density.verify(trial, observed)).rejects.toThrow(code('witness.lower'))
  })

  it('closes its files where counting fails, too', async () => {
    const trial = trialOf({})
    const open: number[] = []
    const cache = {
      ...trial.cache,
      held: async (containers: readonly HeldFiles[]) => {
        open.push(...containers.flatMap(({ files }) => [...files.values()]))
        throw new Error('not counted')
      },
    }
    await expect(density.run({ ...trial, cache })).rejects.toThrow('not counted')
    expect(open).toHaveLength(6)
    for (const fd of open) expect(() => fstatSync(fd)).toThrow('EBADF')
  })
})
