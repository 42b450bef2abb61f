import { expect, test, vi } from 'vitest'
import { eventually, until } from './until.ts'

const error = () => new Error('too late')

test('what is so at once is looked for once', async () => {
  const look = vi.fn<() => number>(() => 0)
  expect(await until(look, { every: 1 })).toBe(0)
  expect(look).toHaveBeenCalledOnce()
})

test.for([null, undefined, false])('%s is looked for again', async (nothing) => {
  const finds = [nothing, nothing, 'it']
  expect(await until(() => finds.shift(), { every: 1, within: 60_000, error })).toBe('it')
  expect(finds).toEqual([])
})

test('a look may take its time', async () => {
  const finds = [null, 'it']
  expect(await until(async () => finds.shift(), { every: 1 })).toBe('it')
})

test('after the time it is an error, or null; the last look is after it', async () => {
  const look = vi.fn<() => null>(() => null)
  await expect(until(look, { every: 1, within: -1, error })).rejects.toThrow('too late')
  expect(look).toHaveBeenCalledOnce()
  expect(await eventually(look, { every: 1, within: 5 })).toBeNull()
})

test('what a look throws ends it', async () => {
  const look = () => {
    throw new Error('broken')
  }
  await expect(until(look, { every: 1, within: 60_000, error })).rejects.toThrow('broken')
})
