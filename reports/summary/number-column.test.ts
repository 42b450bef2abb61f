import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NumberColumn } from './number-column.ts'

it('keeps what was pushed, in its order, and a place for what is not known', () => {
  const values = fc.array(fc.option(fc.double({ noNaN: true })), { maxLength: 200 })
  fc.assert(
    fc.property(values, (pushed) => {
      const column = new NumberColumn()
      for (const value of pushed) column.push(value)
      expect([...column.all()]).toEqual(pushed.map((value) => value ?? Number.NaN))
      expect(column.known()).toEqual(pushed.filter((value) => value !== null))
    }),
  )
})
