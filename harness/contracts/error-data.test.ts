import { describe, expect, test } from 'vitest'
import { BenchError, ExitCode, usageError } from './error.ts'
import { errorDataSchema, fromData, toData } from './error-data.ts'

const travelled = (error: unknown) =>
  fromData(errorDataSchema.parse(JSON.parse(JSON.stringify(toData(error)))))

describe('an error that has travelled', () => {
  test.each([
    usageError('odd', 'that is odd', 'make it even'),
    new BenchError('the disk is full', { code: 'scratch.space', exitCode: ExitCode.hostNotReady }),
  ])('is the same BenchError: %s', (error) => {
    const { code, message, hint, exitCode } = error
    const again = travelled(error)
    expect(again).toBeInstanceOf(BenchError)
    expect(again).toMatchObject({ code, message, exitCode })
    expect((again as BenchError).hint).toBe(hint)
  })

  test('is a bug with its stack where it was one', () => {
    const bug = new TypeError('x is undefined')
    const again = travelled(bug)
    expect(again).not.toBeInstanceOf(BenchError)
    expect(again).toMatchObject({ message: 'x is undefined', stack: bug.stack })
  })

  test('has a message whatever was thrown', () => {
    expect(travelled('a word').message).toBe('a word')
    expect(toData('a word')).toMatchObject({ code: 'bug', exitCode: ExitCode.bug, stack: null })
  })
})
