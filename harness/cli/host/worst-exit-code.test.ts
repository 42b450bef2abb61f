import { expect, test } from 'vitest'
import { ExitCode } from '../../contracts/error.ts'
import { worstExitCode } from './worst-exit-code.ts'

test.each([
  [[0, 0], 0],
  [[0, 3], 3],
  [[ExitCode.hostNotReady, ExitCode.cellFailed], 4],
  [[0, null], 4],
  [[ExitCode.bug, ExitCode.gateFailed], 1],
  [[130, ExitCode.bug], 130],
  [[], 0],
])('of %j it is %i', (codes, worst) => {
  expect(worstExitCode(codes.map((exitCode) => ({ exitCode })))).toBe(worst)
  expect(worstExitCode(codes.toReversed().map((exitCode) => ({ exitCode })))).toBe(worst)
})

test('every exit code has its place', () => {
  for (const exitCode of Object.values(ExitCode))
    expect(worstExitCode([{ exitCode }, { exitCode: 0 }])).toBe(exitCode)
})
