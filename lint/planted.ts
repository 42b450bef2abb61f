/** For tests of the linter's rules: files planted in a folder, and what the project's own configuration says of them. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const REPOSITORY = path.resolve(import.meta.dirname, '..')

/** Runs one oxlint over the files, given as [path, source]. Returns what reads the messages of a rule, by file. */
export function lintPlanted(
  files: readonly (readonly [string, string])[],
): (rule: string) => Map<string, string[]> {
  const tree = mkdtempSync(path.join(tmpdir(), 'bench-test-lint-'))
  try {
    for (const [file, source] of files) plant(tree, file, source)
    const oxlint = path.join(REPOSITORY, 'node_modules/.bin/oxlint')
    const args = ['--config', path.join(REPOSITORY, '.oxlintrc.json'), '--format', 'json']
    const { stdout } = spawnSync(oxlint, args, { cwd: tree, encoding: 'utf8' })
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { code: string; message: string; filename: string }[]
    }
    return (rule) => {
      const messages = new Map<string, string[]>()
      for (const { code, message, filename } of diagnostics) {
        if (code === rule) messages.set(filename, [...(messages.get(filename) ?? []), message])
      }
      return messages
    }
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

function plant(tree: string, file: string, source: string): void {
  const target = path.join(tree, file)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, `${source}\n`)
}
