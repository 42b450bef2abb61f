import { describe, expect, test } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { counterIn, halfOfMemory, limitArc } from './arc.ts'
import { createFakeArc } from './testing/fake-arc.ts'

const MEBIBYTE = 1024 ** 2
const HALF_GIBIBYTE = 512 * MEBIBYTE
const QUARTER = 256 * MEBIBYTE

/** The calls for what the parameter is set to, in two steps, from 0. */
const journalled = (verb: string) =>
  [
    [0, HALF_GIBIBYTE],
    [HALF_GIBIBYTE, QUARTER],
  ].map(
    ([value, set]) =>
      `journal ${verb} {"kind":"parameter","path":"/parameters/zfs_arc_max","value":"${value}","set":"${set}"}`,
  )

test('counters are lines of name, type and value', () => {
  const text =
    '9 1 0x01 147 39984 3570 9\nname                            type data\nc_max                           4    521011200\n'
  expect(counterIn(text, 'c_max')).toBe(521011200)
  expect(() => counterIn(text, 'c_min')).toThrow('no counter c_min')
})

test('half of the memory is in whole mebibytes', () => {
  expect(halfOfMemory() % MEBIBYTE).toBe(0)
  expect(halfOfMemory()).toBeGreaterThan(0)
})

describe('the limit', () => {
  test('is journalled, set, and put back: in force and in the parameter', () => {
    const host = createFakeHost()
    const arc = createFakeArc()
    const putBack = limitArc(host, arc, QUARTER)
    expect(arc.state()).toEqual([String(QUARTER), QUARTER])
    expect(host.newCalls()).toEqual(journalled('record'))
    putBack()
    expect(arc.state()).toEqual(['0', HALF_GIBIBYTE])
    expect(host.newCalls()).toEqual(journalled('forget').toReversed())
  })

  test('of several stores is put back with the last', () => {
    const host = createFakeHost()
    const arc = createFakeArc()
    const [first, second] = [limitArc(host, arc, QUARTER), limitArc(host, arc, QUARTER)]
    first()
    expect(arc.state()).toEqual([String(QUARTER), QUARTER])
    second()
    expect(arc.state()).toEqual(['0', HALF_GIBIBYTE])
  })

  test('is one for all stores', () => {
    const arc = createFakeArc()
    const putBack = limitArc(createFakeHost(), arc, QUARTER)
    expect(() => limitArc(createFakeHost(), arc, 2 * QUARTER)).toThrow(
      expect.objectContaining({
        code: 'driver.arc-limit',
        message: expect.stringContaining('256M'),
        hint: expect.stringContaining('+arc=SIZE'),
      }),
    )
    putBack()
    expect(arc.state()).toEqual(['0', HALF_GIBIBYTE])
  })

  test.for([16 * MEBIBYTE, 4096 * MEBIBYTE])('of %d bytes is not taken: all is as before', (bytes) => {
    const arc = createFakeArc()
    expect(() => limitArc(createFakeHost(), arc, bytes)).toThrow(
      expect.objectContaining({ code: 'driver.arc-limit', hint: expect.stringContaining('64M') }),
    )
    expect(arc.state()).toEqual(['0', HALF_GIBIBYTE])
  })
})
