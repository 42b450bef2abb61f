/**
 * Needs of a test file beside Node and the sources, by its name: `mounts.root.test.ts` needs root. A file without such a
 * suffix is a unit test and needs nothing.
 */
const NEEDS: Readonly<Record<string, string>> = {
  root: 'needs root: it mounts, attaches loop devices or makes device nodes',
  program: 'needs programs of the host, or the build',
  browser: 'needs Chromium',
  long: 'takes longer than a unit test may',
  lab: 'needs an emulated machine',
}

/** Returns why a test of the file may be skipped, as its name says it; null for a unit test. */
export function needOf(file: string): string | null {
  const word = /\.(?<need>[a-z]+)\.test\.ts$/.exec(file)?.groups?.['need'] ?? ''
  return NEEDS[word] ?? null
}
