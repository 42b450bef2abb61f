import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import type { FromChild } from '../runner/messages.ts'
import { createProgress, type ReadStanding } from './progress.ts'

const STANDING = {
  answers: '22 of 35 answers known',
  leaders: 'ahead: btrfs in bigfile; vfs@ext4 in startup',
}

function trial(round: number): FromChild {
  return { type: 'trial', cell: 'overlay2@ext4|bigfile', round, done: 30, left: { trials: 10, seconds: 42 } }
}

/** A stream that keeps what is written; `columns`: of a terminal, which otherwise it is none. */
function stream(columns?: number) {
  const written: string[] = []
  const write = (text: string) => written.push(stripVTControlCharacters(text))
  const terminal = columns === undefined ? {} : { isTTY: true, columns, rows: 24 }
  return { written, stream: { write, ...terminal } as unknown as NodeJS.WriteStream }
}

async function drawn(columns: number, messages: readonly FromChild[], readStanding?: ReadStanding) {
  vi.stubEnv('TERM', 'xterm')
  const [live, stderr] = [stream(columns), stream()]
  const progress = await createProgress({ stderr: stderr.stream, live: live.stream }, false, readStanding)
  for (const message of messages) await progress.show(message)
  progress.finish()
  vi.unstubAllEnvs()
  return live.written
}

describe('progress at a terminal', () => {
  it('says the round, what is done, the time left, how many answers are known and who is ahead', async () => {
    const lines = await drawn(120, [trial(0), trial(1)], async () => STANDING)
    expect(lines[0]).toBe(
      `round 1  ${'█'.repeat(15)}░░░░░ 30 trials, about 42 s left  overlay2@ext4|bigfile\n`,
    )
    expect(lines[1]).toBe(
      `round 2  ${'█'.repeat(15)}░░░░░ 30 trials, about 42 s left, 22 of 35 answers known  overlay2@ext4|bigfile\n` +
        'ahead: btrfs in bigfile; vfs@ext4 in startup\n',
    )
  })

  it('asks for the standing once a round, and not before there is one', async () => {
    const readStanding = vi.fn<ReadStanding>(async () => STANDING)
    await drawn(120, [trial(0), trial(0)], readStanding)
    expect(readStanding).not.toHaveBeenCalled()
    await drawn(120, [trial(0), trial(1), trial(1), trial(2)], readStanding)
    expect(readStanding).toHaveBeenCalledTimes(2)
  })

  it('draws when the standing is known, and resolves after that', async () => {
    vi.stubEnv('TERM', 'xterm')
    const live = stream(120)
    let tell: () => void = () => undefined
    const told = new Promise<typeof STANDING>((resolve) => (tell = () => resolve(STANDING)))
    const progress = await createProgress({ stderr: stream().stream, live: live.stream }, false, () => told)
    const shown = progress.show(trial(1))
    expect(live.written).toEqual([])
    tell()
    await shown
    expect(live.written.join('')).toContain('ahead: ')
    vi.unstubAllEnvs()
  })

  it('draws no line wider than the terminal, and four at most', async () => {
    const leaders = `ahead: ${'overlay2@ext4 in a-question; '.repeat(20)}`
    for (const text of await drawn(40, [trial(1)], async () => ({ ...STANDING, leaders }))) {
      const lines = text.trimEnd().split('\n')
      expect(lines.length).toBeLessThanOrEqual(4)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    }
  })

  it('draws nothing more once it is finished', async () => {
    vi.stubEnv('TERM', 'xterm')
    const live = stream(120)
    let tell: () => void = () => undefined
    const told = new Promise<null>((resolve) => (tell = () => resolve(null)))
    const progress = await createProgress({ stderr: stream().stream, live: live.stream }, false, () => told)
    const shown = progress.show(trial(1))
    progress.finish()
    const before = live.written.length
    tell()
    await shown
    expect(live.written).toHaveLength(before)
    vi.unstubAllEnvs()
  })
})

describe('progress elsewhere', () => {
  it('is a line a round, and asks for no standing', async () => {
    const readStanding = vi.fn<ReadStanding>(async () => STANDING)
    const stderr = stream()
    const progress = await createProgress(
      { stderr: stderr.stream, live: stream().stream },
      false,
      readStanding,
    )
    for (const message of [trial(0), trial(0), trial(1)]) await progress.show(message)
    expect(stderr.written).toEqual(['round 1, about 42 s left\n', 'round 2, about 42 s left\n'])
    expect(readStanding).not.toHaveBeenCalled()
  })

  it('is nothing where it is to be quiet', async () => {
    const [stderr, live] = [stream(), stream(80)]
    const progress = await createProgress({ stderr: stderr.stream, live: live.stream }, true)
    await progress.show(trial(0))
    progress.finish()
    expect([...stderr.written, ...live.written]).toEqual([])
  })
})
