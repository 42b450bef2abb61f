/** Names that lead to another disk from the nth call of a program on: between the check and the writing, and in the middle of it. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeed } from '../bounded.ts'
import type { Workbench } from './workbench.ts'

export interface Swap {
  what: string
  /** Returns the path to name, and the folder of programs that swap what it leads to. */
  make(bench: Workbench): { device: string; programs: string }
}

/** Has `program` run `script` at its `nth` call before it does its work. */
function shim(bench: Workbench, program: string, nth: number, script: string): string {
  const folder = bench.folder()
  const real = succeed('sh', ['-c', `command -v ${program}`]).trim()
  const lines = [
    '#!/bin/sh',
    `echo >>${folder}/calls`,
    `[ "$(wc -l <${folder}/calls)" = ${nth} ] && { ${script}; }`,
  ]
  writeFileSync(join(folder, program), `${lines.join('\n')}\nexec ${real} "$@"\n`)
  chmodSync(join(folder, program), 0o755)
  return folder
}

function linkSwap(program: string, nth: number): Swap {
  return {
    what: `a link that leads to another disk from call ${nth} of ${program} on`,
    make(bench) {
      const [clean, precious] = [bench.disk(), preciousDisk(bench)]
      const device = bench.link(clean)
      return { device, programs: shim(bench, program, nth, `ln -sfn ${precious} ${device}`) }
    },
  }
}

function nodeSwap(program: string, nth: number): Swap {
  return {
    what: `a node that is another disk's from call ${nth} of ${program} on`,
    make(bench) {
      const [clean, precious] = [bench.disk(), preciousDisk(bench)]
      const number = succeed('stat', ['--format=%Hr %Lr', precious]).trim()
      const own = succeed('stat', ['--format=%Hr %Lr', clean]).trim()
      const replace = `rm ${clean}; mknod ${clean} b ${number}`
      bench.undo.push(() => void succeed('sh', ['-c', `rm -f ${clean}; mknod ${clean} b ${own}`]))
      return { device: clean, programs: shim(bench, program, nth, replace) }
    },
  }
}

/** The number stays, and what is behind it does not. */
function fileSwap(program: string, nth: number): Swap {
  return {
    what: `a loop device that gets another file at call ${nth} of ${program}`,
    make(bench) {
      const [clean, precious] = [bench.disk(), bench.fileWith('precious '.repeat(1000), 2 ** 20)]
      const script = `losetup --detach ${clean}; losetup ${clean} ${precious}`
      return { device: clean, programs: shim(bench, program, nth, script) }
    },
  }
}

/** Without a signature that would be refused for itself. */
function preciousDisk(bench: Workbench): string {
  return bench.disk(bench.fileWith('precious '.repeat(1000), 2 ** 20))
}

/** Returns the cases. */
export const SWAPS: readonly Swap[] = [linkSwap, nodeSwap, fileSwap].flatMap((swap) => [
  swap('wipefs', 1),
  swap('wipefs', 2),
  swap('wipefs', 3),
  swap('sfdisk', 1),
  swap('partx', 1),
])
