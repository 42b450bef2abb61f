/** Finds the program that a command line starts, in the tree of an image. */
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type { ManifestEntry, OwnImage } from '../../../harness/contracts/image.ts'

type Manifest = ReadonlyMap<string, ManifestEntry>

const MOST_LINKS = 40

/**
 * Returns the path of the regular file, relative to the root, as execvp(3) finds it in the image's PATH. Throws
 * `scenario.no-program` where there is none.
 */
export function programIn({ manifest, process, facts }: OwnImage, args: readonly string[]): string {
  const [name] = args
  if (name === undefined)
    throw noProgram(`${facts.name} names neither an entrypoint nor a command`, 'give one: --set command=…')
  const candidates = name.includes('/')
    ? [name.startsWith('/') ? name : `${process.cwd}/${name}`]
    : pathOf(process.env).map((folder) => `${folder}/${name}`)
  for (const candidate of candidates) {
    const found = resolveIn(manifest, candidate)
    if (found !== null && manifest.get(found)?.type === 'file') return found
  }
  throw noProgram(`${facts.name} has no program ${JSON.stringify(name)}`, 'see its PATH and its entrypoint')
}

function pathOf(env: readonly string[]): string[] {
  const path = env.findLast((each) => each.startsWith('PATH='))
  return (path ?? '').slice('PATH='.length).split(':').filter(Boolean)
}

/** Returns where a path leads to, with links followed as from within the tree; null: to nothing. */
export function resolveIn(manifest: Manifest, path: string): string | null {
  let steps = path.split('/')
  let at: string[] = []
  for (let links = 0; steps.length > 0;) {
    const [step = '', ...rest] = steps
    steps = rest
    if (step === '' || step === '.') continue
    if (step === '..') {
      at = at.slice(0, -1)
      continue
    }
    const next = [...at, step]
    const entry = manifest.get(next.join('/'))
    if (entry === undefined) return null
    if (entry.type !== 'symlink') {
      at = next
      continue
    }
    links += 1
    if (links > MOST_LINKS) return null
    steps = [...entry.digest.split('/'), ...steps]
    if (entry.digest.startsWith('/')) at = []
  }
  return at.join('/')
}

function noProgram(message: string, hint: string): BenchError {
  return new BenchError(message, { code: 'scenario.no-program', hint, exitCode: ExitCode.cellFailed })
}
