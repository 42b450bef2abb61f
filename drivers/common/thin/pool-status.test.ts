import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { freeShare, parsePoolStatus, requireFree, requireWritable } from './pool-status.ts'

describe('a thin pool’s status', () => {
  test('every field, as the kernel prints it', () => {
    const count = fc.nat(2 ** 31 - 1)
    fc.assert(
      fc.property(
        fc.tuple(count, count, count, count, count),
        fc.option(count),
        fc.constantFrom('rw', 'ro', 'out_of_data_space'),
        fc.constantFrom(
          ['ignore_discard', 'ignore'],
          ['discard_passdown', 'passdown'],
          ['no_discard_passdown', 'no passdown'],
        ),
        fc.constantFrom(['error_if_no_space', 'error'], ['queue_if_no_space', 'queue']),
        // Linux 3.x, 4.0 and 4.20 each added a field.
        fc.constantFrom('', ' -', ' needs_check', ' - 1024', ' needs_check 1024'),
        ([transaction, usedMeta, meta, usedData, data], held, mode, discards, full, rest) => {
          const counts = `${transaction} ${usedMeta}/${meta} ${usedData}/${data} ${held ?? '-'}`
          expect(parsePoolStatus(`${counts} ${mode} ${discards[0]} ${full[0]}${rest}`)).toEqual({
            transaction,
            usedMetadataBlocks: usedMeta,
            totalMetadataBlocks: meta,
            usedDataBlocks: usedData,
            totalDataBlocks: data,
            metadataSnapshot: held,
            mode,
            discards: discards[1],
            whenFull: full[1],
            needsCheck: rest.includes('needs_check'),
          })
        },
      ),
    )
  })

  test('a failed pool tells nothing but that', () => {
    expect(parsePoolStatus('Fail')).toMatchObject({ mode: 'fail', needsCheck: true })
  })

  test('what is none is refused', () => {
    expect(() => parsePoolStatus('0 1048576 linear')).toThrow('not a thin pool’s status')
  })
})

describe('requireWritable', () => {
  const status = (mode: string) =>
    parsePoolStatus(`0 24/4096 1792/1792 - ${mode} no_discard_passdown error_if_no_space - 1024`)

  test('a pool in order', () => expect(() => requireWritable(status('rw'))).not.toThrow())

  test('a full pool, with how full', () => {
    expect(() => requireWritable(status('out_of_data_space'))).toThrow(
      expect.objectContaining({
        code: 'driver.pool-full',
        message: expect.stringContaining('1792 of 1792 data blocks'),
        hint: expect.stringContaining('--scratch-size'),
      }),
    )
  })

  test('a pool that lost its metadata', () => {
    for (const broken of [status('ro'), parsePoolStatus('Fail')]) {
      expect(() => requireWritable(broken)).toThrow(expect.objectContaining({ code: 'driver.pool-failed' }))
    }
  })
})

describe('what is free', () => {
  const status = (metadata: number, data: number) =>
    parsePoolStatus(`0 ${metadata}/1000 ${data}/1000 - rw no_discard_passdown error_if_no_space - 1024`)

  test('is the smaller share of data and metadata', () => {
    expect(freeShare(status(100, 950))).toBeCloseTo(0.05)
    expect(freeShare(status(800, 100))).toBeCloseTo(0.2)
  })

  test('is enough from the percentage on', () => {
    expect(() => requireFree(status(0, 900), 10)).not.toThrow()
    expect(() => requireFree(status(0, 901), 10)).toThrow(
      expect.objectContaining({
        code: 'driver.pool-full',
        message: expect.stringContaining('901 of 1000 data blocks'),
      }),
    )
  })
})
