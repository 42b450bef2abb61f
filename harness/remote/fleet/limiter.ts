/** Runs so much at once and no more; what is above it waits its turn, in order. */
export function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running === most) await new Promise<void>((turn) => waiting.push(turn))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // Whoever waits takes over the place, so nobody who comes just now is faster.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
