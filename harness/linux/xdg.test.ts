import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { cacheDirectory, configDirectory, journalDirectory, scratchDirectory, stateDirectory } from './xdg.ts'

beforeEach(() => void vi.stubEnv('HOME', '/home/someone'))
afterEach(() => vi.unstubAllEnvs())

test.for([
  ['XDG_STATE_HOME', stateDirectory, '/home/someone/.local/state/bench'],
  ['XDG_CONFIG_HOME', configDirectory, '/home/someone/.config/bench'],
  ['XDG_CACHE_HOME', cacheDirectory, '/home/someone/.cache/bench'],
] as const)('%s is followed; unset or empty there is a default', ([variable, folder, fallback]) => {
  vi.stubEnv(variable, '/somewhere')
  expect(folder()).toBe('/somewhere/bench')
  vi.stubEnv(variable, '')
  expect(folder()).toBe(fallback)
  vi.stubEnv(variable, undefined)
  expect(folder()).toBe(fallback)
})

test('journals and loop files are state', () => {
  vi.stubEnv('XDG_STATE_HOME', '/somewhere')
  expect(journalDirectory()).toBe('/somewhere/bench/journal')
  expect(scratchDirectory()).toBe('/somewhere/bench/scratch')
  expect(scratchDirectory(stateDirectory('/else'))).toBe('/else/bench/scratch')
})
