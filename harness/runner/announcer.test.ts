import { describe, expect, it, vi } from 'vitest'
import { createAnnouncer } from './announcer.ts'

const MESSAGE = { type: 'calibrating', what: 'anything' } as const

/** Tells whether a promise is settled once everything that waits for nothing has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false
  void promise.then(() => (settled = true))
  await new Promise((next) => setImmediate(next))
  return settled
}

describe('createAnnouncer', () => {
  it('goes on when the parent has drawn what was announced, not before', async () => {
    const sent = vi.fn<(message: object) => void>()
    const announcer = createAnnouncer(sent)
    const first = announcer.announce(MESSAGE)
    expect(sent).toHaveBeenCalledExactlyOnceWith(MESSAGE)
    expect(await isSettled(first)).toBe(false)
    announcer.drawn()
    expect(await isSettled(first)).toBe(true)
    expect(await isSettled(announcer.announce(MESSAGE))).toBe(false)
  })

  it('goes on without a parent that does not answer, and waits again once it has answered everything', async () => {
    const announcer = createAnnouncer(() => undefined, 0)
    await announcer.announce(MESSAGE)
    expect(await isSettled(announcer.announce(MESSAGE))).toBe(true)
    announcer.drawn()
    announcer.drawn()
    const next = announcer.announce(MESSAGE)
    expect(await Promise.race([next.then(() => 'waited'), Promise.resolve('at once')])).toBe('at once')
    announcer.drawn()
    await next
  })
})
