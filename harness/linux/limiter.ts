/** Returns what runs at most `most` tasks at once; the others wait in order. */
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
      // The first that waits takes over the place, so that no newcomer is faster.
      if (next === undefined) running -= 1
      else next()
    }
  }
}
