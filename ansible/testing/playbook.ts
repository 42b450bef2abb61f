/** Helpers of the roles' tests: run a playbook on this machine, render a template, make fake programs. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const ANSIBLE = path.resolve(import.meta.dirname, '..')

export interface Played {
  status: number | null
  stdout: string
}

/** Runs a playbook of this folder, or any other by its absolute path, with this folder's settings. */
export function playbook(words: readonly string[], env: NodeJS.ProcessEnv = {}): Played {
  const { status, stdout } = spawnSync('ansible-playbook', words, {
    cwd: ANSIBLE,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
  })
  return { status, stdout }
}

/** `--extra-vars` with types kept. */
export function extraVars(values: Record<string, unknown>): string[] {
  return ['--extra-vars', JSON.stringify(values)]
}

/** Number of tasks that changed something, and that failed, by host. */
export function recap({ stdout }: Played): Record<string, { changed: number; failed: number }> {
  const lines = stdout.matchAll(/^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=\d+\s+failed=(\d+)/gm)
  return Object.fromEntries(
    Array.from(lines, ([, host, changed, failed]) => [
      String(host),
      { changed: Number(changed), failed: Number(failed) },
    ]),
  )
}

/** The output in one line, since Ansible wraps messages. */
export function flat({ stdout }: Played): string {
  return stdout.replaceAll(/\s+/g, ' ')
}

/**
 * Returns the value of a Jinja expression with the variables of a role and those given: without a task on a host, so in a
 * fraction of a playbook's time.
 */
export function evaluate(
  role: string,
  expression: string,
  variables: Record<string, unknown> = {},
  ...words: string[]
): unknown {
  const files = ['defaults', 'vars'].map((name) => path.join(ANSIBLE, 'roles', role, name, 'main.yml'))
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-test-play-'))
  const play = path.join(folder, 'play.yml')
  const task = { 'ansible.builtin.debug': { msg: `{{ ${expression} }}` }, tags: 'always' }
  const vars_files = files.filter((file) => existsSync(file))
  writeFileSync(
    play,
    JSON.stringify([{ hosts: 'localhost', gather_facts: false, vars_files, tasks: [task] }]),
  )
  try {
    const { stdout } = playbook([play, ...extraVars(variables), ...words], {
      ANSIBLE_CALLBACK_RESULT_FORMAT: 'json',
    })
    const result = /^ok: \[localhost\] => (\{.*?^\})/ms.exec(stdout)?.[1]
    if (result === undefined) throw new Error(`${expression}: ${stdout}`)
    return (JSON.parse(result) as { msg: unknown }).msg
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Templates of a role, rendered. */
export function render(
  role: string,
  templates: readonly string[],
  variables: Record<string, unknown> = {},
): string[] {
  const files = templates.map((name) => path.join(ANSIBLE, 'roles', role, 'templates', name))
  const lookups = files.map((file) => `lookup('ansible.builtin.template', '${file}')`)
  return evaluate(role, `[${lookups.join(', ')}]`, variables) as string[]
}

/** Makes a folder of programs that are all one shell script, which tells by `$0` who it is. */
export function pretend(folder: string, script: string, programs: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'pretend')
  writeFileSync(file, script)
  chmodSync(file, 0o755)
  for (const program of programs) symlinkSync(file, path.join(folder, program))
}
