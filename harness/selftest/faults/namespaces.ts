/** Mount and process namespaces of its own for what needs the real devices: all processes end with it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inProcessNamespace } from '../../linux/privilege.ts'
import { readAnswers } from './answers.ts'
import { REPOSITORY } from './program.ts'
import type { Answer } from './table.ts'

const LOADER = join(REPOSITORY, 'node_modules/tsx/dist/loader.mjs')

/** Runs a module of this room that prints answers, for `seconds` at most. Returns the answers. */
export function answersInNamespaces(
  module: string,
  args: readonly string[],
  seconds: number,
): Promise<Answer[]> {
  return readAnswers(async (onLine) => {
    const node = [
      process.execPath,
      '--import',
      `file://${LOADER}`,
      join(import.meta.dirname, module),
      ...args,
    ]
    const [program, ...words] = inProcessNamespace(node, { mounts: true, proc: true })
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface(child.stdout).on('line', onLine)
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    const [code] = (await once(child, 'close')) as [number | null]
    clearTimeout(timer)
    return code
  })
}
