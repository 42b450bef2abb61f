import { describe, expect, it } from 'vitest'
import { fsyncCondition, fsyncMountOptions, shownFsyncMode } from './overlay-fsync.ts'

const shows = (option: string) => `rw,lowerdir=/s/2/d:/s/1/d,upperdir=/s/3/d,workdir=/s/3/w${option}`

describe('what the mount table shows', () => {
  it.each([
    [',volatile', 'volatile'],
    [',fsync=volatile', 'volatile'],
    [',fsync=strict', 'strict'],
    [',fsync=auto,index=on', 'auto'],
    ['', null],
    [',xino=off', null],
  ])('%s', (option, mode) => expect(shownFsyncMode(shows(option))).toBe(mode))

  it('does not find an option within a path', () => {
    expect(shownFsyncMode('rw,lowerdir=/volatile:/fsync=strict')).toBeNull()
  })
})

describe('the condition of a mount', () => {
  it.each(['auto', 'strict', 'volatile'] as const)('%s: the witness has what is shown', (mode) => {
    const shown = shows(
      fsyncMountOptions(mode)
        .map((option) => `,${option}`)
        .join(''),
    )
    expect(fsyncCondition(mode, shown)).toEqual({ details: { overlayFsync: mode } })
  })

  it('auto is not shown by kernels of which it is the default', () => {
    expect(fsyncCondition('auto', shows(''))).toEqual({ details: { overlayFsync: 'auto' } })
  })

  it.each([
    ['strict', ''],
    ['strict', ',volatile'],
    ['auto', ',fsync=strict'],
    ['volatile', ',fsync=strict'],
  ] as const)('%s was asked for, and "%s" is shown: the sample fails', (mode, shown) => {
    expect(fsyncCondition(mode, shows(shown)).failure).toMatchObject({ code: 'witness.mount-option' })
  })

  it('nothing was asked for: nothing is said', () => {
    expect(fsyncCondition('kernel', shows(',fsync=strict'))).toEqual({})
  })
})
