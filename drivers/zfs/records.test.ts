/** Written after cmd/zdb/zdb.c of OpenZFS 2.1, which prints it; not recorded from a pool. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordBytes } from './records.ts'

const RECORD = 128 * 1024

const HEAD = `Dataset bench-1-0/1 [ZPL], ID 400, cr_txg 41, 1.12M, 12 objects, rootbp DVA[0]=<0:5c000:1000> [L0 DMU objset]

    Object  lvl   iblk   dblk  dsize  dnsize  lsize   %full  type
         3    2   128K   128K  1.00M     512     1M  100.00  ZFS plain file
	dnode flags: USED_BYTES USERUSED_ACCOUNTED USEROBJUSED_ACCOUNTED
	dnode maxblkid: 7
Indirect blocks:
               0 L1  0:90000:2000 20000L/1000P F=8 B=45/45 cksum=1:2:3:4
`
const block = (offset: number, pointer: string) =>
  `${offset.toString(16).padStart(16)}  L0 ${pointer} cksum=1:2:3:4\n`
const whole = (offset: number, born: string) =>
  block(offset, `0:${(offset + RECORD).toString(16)}:20000 20000L/20000P F=1 B=${born}`)

describe('the records of a file', () => {
  test('are the container’s own from the transaction group after the snapshot’s on', () => {
    const printed = `${HEAD}${whole(0, '39/39')}${whole(RECORD, '40/40')}${whole(2 * RECORD, '41/41')}`
    expect(recordBytes(printed, 40)).toEqual({ inherited: 2 * RECORD, own: RECORD })
  })

  test('count as allocated: compressed, and each copy', () => {
    const printed = `${HEAD}${block(0, '0:1000:3000 20000L/2a00P F=1 B=41/41')}${block(RECORD, '0:9000:1000 0:f000:1000 20000L/1000P F=1 B=39/39')}`
    expect(recordBytes(printed, 40)).toEqual({ inherited: 0x2000, own: 0x3000 })
  })

  test('count by the birth of their bytes where they were cloned', () => {
    expect(recordBytes(whole(0, '45/39'), 40)).toEqual({ inherited: RECORD, own: 0 })
  })

  test('are not holes, nor what lies in the pointer itself', () => {
    const printed = `${HEAD}${block(0, '20000L B=45')}${block(RECORD, 'EMBEDDED et=0 200L/3bP B=45')}`
    expect(recordBytes(printed, 40)).toEqual({ inherited: 0, own: 0 })
  })

  test('add up, whenever they were born', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), fc.nat(100), (births, snapshot) => {
        const printed = births.map((born, index) => whole(index * RECORD, `${born}/${born}`)).join('')
        const { inherited, own } = recordBytes(printed, snapshot)
        expect(inherited + own).toBe(births.length * RECORD)
        expect(own).toBe(births.filter((born) => born > snapshot).length * RECORD)
      }),
    )
  })
})
