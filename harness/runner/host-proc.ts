/**
 * The host's own /proc in the measuring process. Its process namespace has a /proc that shows what is in it, so no kernel
 * thread; a directory that the parent has opened stays what it was.
 */

/** Names the descriptor in the measuring process. */
const VARIABLE = 'BENCH_HOST_PROC'

/** Returns the environment that tells a child under which number it was handed the host's /proc. */
export function hostProcVariable(descriptor: number): Record<string, string> {
  return { [VARIABLE]: String(descriptor) }
}

/** The path of the host's /proc as this process was handed it, or null. */
export function hostProc(): string | null {
  const descriptor = process.env[VARIABLE]
  return descriptor === undefined ? null : `/proc/self/fd/${descriptor}`
}
