/** The signals by which a person asks a command to stop. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Handler = (signal: NodeJS.Signals) => void

/** Calls the handler with each signal, which then does not end the process; returns how to stop that. */
export function onSignal(handler: Handler): () => void {
  for (const signal of SIGNALS) process.on(signal, handler)
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler)
  }
}

/** While it is open, no signal ends the process: what is being made can be undone, and what was measured be told. */
export interface HeldSignals extends Disposable {
  /** The first that came, or null. */
  readonly first: NodeJS.Signals | null
  /** Calls the handler with each that comes, and with the one that came before; returns how to stop that. */
  readonly onSignal: (handler: Handler) => () => void
}

/** Holds the signals from now on. */
export function holdSignals(): HeldSignals {
  const handlers = new Set<Handler>()
  let first: NodeJS.Signals | null = null
  const receive = (signal: NodeJS.Signals) => {
    first ??= signal
    for (const handler of handlers) handler(signal)
  }
  const release = onSignal(receive)
  return {
    get first() {
      return first
    },
    onSignal(handler) {
      handlers.add(handler)
      if (first !== null) handler(first)
      return () => void handlers.delete(handler)
    },
    [Symbol.dispose]: release,
  }
}
