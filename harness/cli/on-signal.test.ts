import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { holdSignals } from './on-signal.ts'

/** A signal to this process is delivered in a later turn of its event loop. */
async function send(signal: NodeJS.Signals): Promise<void> {
  process.kill(process.pid, signal)
  await setImmediate()
  await setImmediate()
}

describe('signals that are held', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends nothing, and the first is known',
    async (signal) => {
      using signals = holdSignals()
      expect(signals.first).toBeNull()
      await send(signal)
      await send('SIGTERM')
      expect(signals.first).toBe(signal)
    },
  )

  test('reach who listens, and who listens later hears of the first', async () => {
    using signals = holdSignals()
    const heard: string[] = []
    const stop = signals.onSignal((signal) => heard.push(`early ${signal}`))
    await send('SIGINT')
    stop()
    signals.onSignal((signal) => heard.push(`late ${signal}`))
    await send('SIGHUP')
    expect(heard).toEqual(['early SIGINT', 'late SIGINT', 'late SIGHUP'])
  })

  test('are let go at the end', () => {
    const before = process.listenerCount('SIGTERM')
    holdSignals()[Symbol.dispose]()
    expect(process.listenerCount('SIGTERM')).toBe(before)
  })
})
