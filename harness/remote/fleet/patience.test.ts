import { describe, expect, test } from 'vitest'
import { BenchError } from '../../contracts/error.ts'
import { benchErrorOfAsync } from '../../testing/errors.ts'
import { patiently, type Clock } from './patience.ts'

/** Fails so often, and then is there. `heard`: the try that hears of the host before it fails. */
async function attempts(failures: number, code: string, heard?: number) {
  let seconds = 0
  const clock: Clock = {
    now: () => seconds,
    sleep: (wait) => Promise.resolve(void (seconds += wait)),
  }
  const patience = { seconds: 60, onLost: () => Promise.resolve(), signal: new AbortController().signal }
  const tries: number[] = []
  const work = (hear: () => void) => {
    tries.push(seconds)
    if (tries.length === heard) hear()
    if (tries.length > failures) return Promise.resolve('there')
    return Promise.reject(new BenchError('not there', { code }))
  }
  return { result: patiently(work, patience, clock), tries }
}

describe('a lost link', () => {
  test('is tried again until it is there', async () => {
    const { result, tries } = await attempts(4, 'ssh.unreachable')
    expect(await result).toBe('there')
    expect(tries).toEqual([0, 1, 3, 7, 15])
  })

  test('is given up when nothing was heard for so long', async () => {
    const { result, tries } = await attempts(Infinity, 'ssh.unreachable')
    expect(await benchErrorOfAsync(result)).toMatchObject({ message: 'not there' })
    expect(tries).toEqual([0, 1, 3, 7, 15, 25, 35, 45, 55])
  })

  test('is tried for as long again after the host was heard of', async () => {
    const { result, tries } = await attempts(Infinity, 'ssh.timeout', 9)
    await benchErrorOfAsync(result)
    expect(tries.slice(9)).toEqual([56, 58, 62, 70, 80, 90, 100, 110])
  })
})

test('whatever is not of the link is thrown at once', async () => {
  const { result, tries } = await attempts(Infinity, 'host.taken')
  expect(await benchErrorOfAsync(result)).toMatchObject({ code: 'host.taken' })
  expect(tries).toEqual([0])
})
