/**
 * `npm run bench:history`: what `bench history` finds of planted changes in simulated runs, and what it takes. The runs are made in
 * a folder of their own, which is removed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { historySchema } from '../../contracts/history.ts'
import { packageFolder } from '../../linux/package.ts'
import { bordersOf, DRIVER_CELLS, numberOf, writeRuns } from './simulated-runs.ts'
import { plantedChanges, score, type Planted } from './planted.ts'

const SIZES = [100, 1000, 5000]
const SEEDS = [1, 2, 3]
/** Writes the most memory that the process had, in KiB, as the last line of its standard error. */
const PRELOAD =
  'data:text/javascript,process.on("exit",()=>process.stderr.write(`${process.resourceUsage().maxRSS}\\n`))'

const program = join(packageFolder(), 'dist/harness/main.js')

function main(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: packageFolder(), stdio: 'inherit' })
  for (const runs of SIZES) for (const seed of runs === 1000 ? SEEDS : SEEDS.slice(0, 1)) simulate(runs, seed)
}

function simulate(runs: number, seed: number): void {
  const folder = mkdtempSync('/var/tmp/bench-history-')
  try {
    const planted = plantedChanges(runs, DRIVER_CELLS, bordersOf(runs), seed)
    writeRuns(join(folder, 'runs'), { runs, seed, planted })
    const cold = measure(folder)
    const warm = measure(folder)
    print(`${runs} runs of ${DRIVER_CELLS + 4} cells, seed ${seed}`)
    print(`  first time: ${cold.text}; again: ${warm.text}`)
    report(planted, warm.stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measure(folder: string) {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', PRELOAD, program, 'history', join(folder, 'runs'), '--json', '--threshold', '4%'],
    { encoding: 'utf8', maxBuffer: 1 << 30, env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') } },
  )
  const seconds = (performance.now() - begun) / 1000
  const mebibytes = Number(stderr.trim().split('\n').at(-1)) / 1024
  if (status !== 0 && status !== 7) throw new Error(`bench history ended with ${status}: ${stderr}`)
  return { stdout, text: `${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB` }
}

function report(planted: readonly Planted[], json: string): void {
  const { changes } = historySchema.parse(JSON.parse(json))
  const { found, missed, wrong } = score(planted, changes, (id) => Number(id.slice(4)), numberOf)
  const kinds = ['host', 'control', 'epoch'].map(
    (kind) => `${kind} ${changes.filter((one) => one.kind === kind).length}`,
  )
  print(
    `  planted ${planted.length}: found ${found.length}, missed ${missed.length}, false ${wrong.length}; others: ${kinds.join(', ')}`,
  )
  for (const one of missed) print(`    missed: ${describe(one)}`)
  for (const { cell, run, factor, p } of wrong)
    print(`    false: ${cell} at ${run}, ${((factor - 1) * 100).toFixed(1)} %, p ${p}`)
}

function describe({ cell, run, over, share }: Planted): string {
  return `cell ${cell} at run ${run}, ${(share * 100).toFixed(1)} %${over === 1 ? '' : ` over ${over} runs`}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

main()
