/** Starts worker processes that append at once, releases them together, and waits for the last. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'

/** Job of a worker, which it reads from its file. */
export interface AppendJob {
  paths: string[]
  /** Base64; a byte for each path. */
  bytes: string
}

export interface Workers {
  /** Resolves when the last one has done its work. */
  release(): Promise<void>
  /** Waits until all have ended. Call it in any case. */
  close(): Promise<void>
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** Resolves when all are waiting to be released. Files are dealt out in turn, so that all work in every directory. */
export async function startWorkers(
  count: number,
  paths: readonly string[],
  bytes: Uint8Array,
  directory: string,
): Promise<Workers> {
  const children = Array.from({ length: count }, (_, worker) => {
    const file = join(directory, `append-${worker}.json`)
    writeFileSync(file, JSON.stringify(jobOf(worker, count, paths, bytes)))
    return startWorker(file)
  })
  const ended = Promise.all(
    children.map((child) => new Promise<void>((done) => child.once('close', () => done()))),
  )
  const workers: Workers = {
    async release() {
      const finished = children.map((child) => said(child, 'd'))
      for (const child of children) child.stdin.write('g')
      await Promise.all(finished)
    },
    async close() {
      for (const child of children) child.stdin.end()
      await ended
    },
  }
  try {
    await Promise.all(children.map((child) => said(child, 'r')))
  } catch (error) {
    await workers.close()
    throw error
  }
  return workers
}

function startWorker(file: string): Child {
  const child = spawn(process.execPath, [...workerArguments(), file], { stdio: ['pipe', 'pipe', 'pipe'] })
  // Writing to a worker that has ended fails; the end of its output shows that it has ended.
  child.stdin.on('error', () => undefined)
  return child
}

function jobOf(worker: number, count: number, paths: readonly string[], bytes: Uint8Array): AppendJob {
  const mine = (_: unknown, index: number) => index % count === worker
  return { paths: paths.filter(mine), bytes: Buffer.from(bytes.filter(mine)).toString('base64') }
}

/** From the compiled output as it is; from the sources through the loader that this process was started with, too. */
function workerArguments(): string[] {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  const script = fileURLToPath(new URL(`./append-worker${extension}`, import.meta.url))
  if (extension !== '.ts') return [script]
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return ['--import', loader, script]
}

/** Resolves when the child says this letter; rejects when its output ends before. */
function said(child: Child, letter: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    const fail = () => reject(workerFailed(complaint))
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(letter)) resolve()
    })
    if (child.exitCode === null) child.once('close', fail)
    else fail()
  })
}

function workerFailed(complaint: string): BenchError {
  const reason = complaint.trim()
  return new BenchError(`an appending process ended too early${reason === '' ? '' : `: ${reason}`}`, {
    code: 'scenario.worker',
    exitCode: ExitCode.cellFailed,
  })
}
