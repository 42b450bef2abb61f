import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SyscallError } from '../../harness/contracts/syscalls.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { ownContent } from '../dataset/image.ts'
import { createFakeTrial, SEED, type FakeTrialScript } from '../testing/fake-trial.ts'
import { endsOf } from './chain.ts'
import { layer } from './index.ts'
import type { LayerParams } from './params.ts'
import { lowestFiles, MADE, STATE } from './places.ts'

const code = (value: string) => expect.objectContaining({ code: value }) as Error

function trialOf(text: Record<string, string>, script: Partial<FakeTrialScript<LayerParams>> = {}) {
  return createFakeTrial<LayerParams>({
    params: layer.params.parse(text),
    image: (writer) => {
      for (const { path, size } of lowestFiles) writer.content(path, ownContent(SEED, 2.6, path), size, 0o644)
    },
    host: createFakeHost(),
    ...script,
  })
}

async function sample(text: Record<string, string>, script: Partial<FakeTrialScript<LayerParams>> = {}) {
  const trial = trialOf(text, script)
  // The fake's first container is no layer of the trial's own.
  const witness = await layer.verify(trial, await layer.run(trial))
  return { trial, witness }
}

const copied = (from: string, to: string) => cpSync(from, to, { recursive: true, verbatimSymlinks: true })

describe('branch', () => {
  const BRANCH = { op: 'branch', depth: '6', siblings: '2' }

  it('forks as deep as asked for, then beside each other, then goes back to the middle', async () => {
    const { trial, witness } = await sample(BRANCH)
    expect(witness.details).toEqual({ depth: 6, siblings: 2 })
    expect(trial.values).toMatchObject({ depth: 6, 'fork-last': expect.any(Number) as number })
    expect(trial.log).toEqual(expect.arrayContaining(['series fork 6', 'series sibling 2', 'time rollback']))
    expect(trial.log.filter((line) => line.startsWith('prepare on-')).at(-1)).toMatch(/ on layer-2$/)
  })

  it('calls it an outcome, with the limit named, that a driver goes no deeper', async () => {
    const mount = (made: number) => {
      if (made > 4) throw new SyscallError('mount', 22, 'EINVAL', 'too many layers')
    }
    const { trial, witness } = await sample(BRANCH, { layers: { mount } })
    expect(witness.details).toEqual({ depth: 4, siblings: 2, limit: 'mount too many layers: EINVAL' })
    expect(trial.values).toMatchObject({ depth: 4 })
    expect(trial.values['fork-last']).toBeUndefined()
    expect(trial.log).toContain('warn layer.depth')
  })

  it('fails where a driver cannot be forked at all, or where the store is full', async () => {
    const never = () => {
      throw new SyscallError('mount', 22, 'EINVAL', 'no')
    }
    await expect(sample(BRANCH, { layers: { mount: never } })).rejects.toThrow('EINVAL')
    const full = (made: number) => {
      if (made > 2) throw new SyscallError('mount', 28, 'ENOSPC', 'full')
    }
    await expect(sample(BRANCH, { layers: { mount: full } })).rejects.toThrow('ENOSPC')
  })

  it('is caught when a fork lacks what was changed', async () => {
    const prepare = (from: string, to: string) => {
      copied(from, to)
      const [mark = ''] = readdirSync(join(to, MADE)).filter((name) => name.startsWith('layer-'))
      if (mark === 'layer-0005') rmSync(join(to, MADE, mark))
    }
    await expect(sample(BRANCH, { layers: { prepare } })).rejects.toThrow(code('witness.content'))
  })

  it('is caught when a layer is written to by what stands on it', async () => {
    const trial = trialOf(BRANCH)
    const observed = await layer.run(trial)
    writeFileSync(join(trial.lower, STATE), Buffer.alloc(8192, 'x'))
    await expect(layer.verify(trial, observed)).rejects.toThrow(code('witness.content'))
  })

  it('is caught when siblings see each other', async () => {
    const trial = trialOf(BRANCH)
    const observed = (await layer.run(trial)) as { siblings: { root: string }[] }
    writeFileSync(join(observed.siblings[0]?.root ?? '', 'var/lib/bench/layer/own'), 'of sibling 1\n')
    await expect(layer.verify(trial, observed)).rejects.toThrow('another')
  })
})

describe('build', () => {
  const BUILD = { op: 'build', steps: '5', files: '3', size: '4K' }

  it('makes a layer a step', async () => {
    const { trial, witness } = await sample(BUILD)
    expect(witness).toMatchObject({ bytesChanged: 5 * 3 * 4096, details: { layers: 5 } })
    expect(trial.log).toEqual(expect.arrayContaining(['series step 5', 'time sync']))
    expect(trial.log.filter((line) => line.startsWith('commit'))).toHaveLength(5)
  })

  it('is caught when a layer lacks a file or has one too many', async () => {
    const less = (folder: string) => rmSync(join(folder, MADE, 'layer-0004/f000001'), { force: true })
    await expect(sample(BUILD, { layers: { commit: less } })).rejects.toThrow('f000001')
    const more = (folder: string) => writeFileSync(join(folder, MADE, 'more'), '')
    await expect(sample(BUILD, { layers: { commit: more } })).rejects.toThrow(code('witness.content'))
  })
})

describe('a row of steps', () => {
  it('is told by the medians of its first and its last fifth', () => {
    expect(endsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ first: 1.5, last: 9.5 })
    expect(endsOf([3])).toEqual({ first: 3, last: 3 })
  })
})
