/**
 * Measures `bench report` on large runs: samples, seconds, memory, size of the page. Writes run folders of made-up
 * samples and has the built program draw them.
 *
 *     npm run build && npx tsx reports/testing/large-report.ts 10000 100000 1000000
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { formatCount, formatValue } from '../format/format.ts'
import { writeLargeRun } from './large-run.ts'

const PROGRAM = resolve(import.meta.dirname, '../../dist/harness/main.js')
/** Makes the program tell what it took, as the last line on standard error. */
const TELL =
  "data:text/javascript,process.on('exit',()=>console.error(JSON.stringify(process.resourceUsage())))"
const COLUMNS = ['samples', 'samples.ndjson', 'seconds', 'CPU seconds', 'CPU µs a sample', 'peak RSS', 'page']

interface Drawn {
  samples: number
  input: number
  seconds: number
  /** In user and kernel mode: what else runs on the machine has no part in it. */
  processor: number
  peak: number
  page: number
}

async function draw(wanted: number): Promise<Drawn> {
  // On a disk: the largest take gigabytes.
  const folder = mkdtempSync('/var/tmp/bench-test-large-')
  try {
    const samples = await writeLargeRun(folder, wanted)
    const started = performance.now()
    const child = spawnSync(process.execPath, ['--import', TELL, PROGRAM, 'report', folder], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    const seconds = (performance.now() - started) / 1000
    if (child.status !== 0) throw new Error(`bench report ended with ${child.status}: ${child.stderr}`)
    const taken = JSON.parse(child.stderr.trim().split('\n').at(-1) ?? '') as NodeJS.ResourceUsage
    return {
      samples,
      input: statSync(join(folder, 'samples.ndjson')).size,
      seconds,
      processor: (taken.userCPUTime + taken.systemCPUTime) / 1e6,
      peak: taken.maxRSS * 1024,
      page: statSync(join(folder, 'report.html')).size,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const wanted = process.argv.slice(2).map(Number)
if (wanted.length === 0 || wanted.some((count) => !(count > 0))) {
  process.stderr.write('give numbers of samples: large-report.ts 10000 100000\n')
  process.exitCode = 2
} else {
  process.stdout.write(`${COLUMNS.join('\t')}\n`)
  for (const count of wanted) {
    const { samples, input, seconds, processor, peak, page } = await draw(count)
    const row = [
      formatCount(samples),
      formatValue(input, 'bytes'),
      seconds.toFixed(1),
      processor.toFixed(1),
      ((processor / samples) * 1e6).toFixed(0),
      formatValue(peak, 'bytes'),
      formatValue(page, 'bytes'),
    ]
    process.stdout.write(`${row.join('\t')}\n`)
  }
}
