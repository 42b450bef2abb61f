/** startup's prepare to exit against the same OCI bundle, runtime and mount by a shell loop and by hyperfine, in turn. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeBundle } from '../../../scenarios/common/container/bundle.ts'
import { chooseRuntime } from '../../../scenarios/common/container/runtime.ts'
import type { Registry } from '../../contracts/plan.ts'
import { openFixture, type Fixture } from './fixture.ts'
import { inTurn, type Pairs } from './pairs.ts'
import { USUAL } from './plans.ts'
import { sampleByHarness, sumOf } from './samples.ts'

const NANOSECONDS = 1e9
const PHASES = ['prepare', 'mount', 'create', 'start', 'ready', 'exit'] as const

/** The shell script that starts a container by hand: an upper layer, the mount, and the runtime's three verbs. */
const START = `set -e
mkdir "$UPPER" "$WORK"
mount -t overlay -o "$OPTIONS,upperdir=$UPPER,workdir=$WORK" bench "$ROOT"
said=$("$RUNTIME" --root "$STATE" create --bundle "$BUNDLE" reference && "$RUNTIME" --root "$STATE" start reference)
until "$RUNTIME" --root "$STATE" delete reference 2>/dev/null; do :; done
test "$said" = ready
`
const CLEAN = `umount "$ROOT" 2>/dev/null; rm -rf "$UPPER" "$WORK"; :`
/** A shell's own clock around what it starts. */
const LOOP = `begin=$(date +%s%N); sh "$SCRIPT"; end=$(date +%s%N); echo $((end - begin))`

export interface StartupComparison {
  shell: Pairs
  hyperfine: Pairs
}

export async function compareStartup(registry: Registry, pairs: number): Promise<StartupComparison> {
  await using fixture = await openFixture({ driver: [USUAL], scenario: ['startup'] }, registry)
  const hand = await prepareByHand(fixture)
  const harness = async () => sumOf(await sampleByHarness(fixture), PHASES)
  return {
    shell: await inTurn(pairs, harness, hand.byShell),
    hyperfine: await inTurn(pairs, harness, hand.byHyperfine),
  }
}

async function prepareByHand(fixture: Fixture) {
  const { host, store, directory: folder } = fixture
  const runtime = await chooseRuntime(host, 'auto', folder)
  const root = join(folder, 'root')
  const bundle = writeBundle('reference', join(folder, 'bundle'), root)
  mkdirSync(root)
  mkdirSync(bundle.state, { recursive: true })
  const upper = join(store.snapshotter.store.path ?? folder, 'by-hand')
  const script = join(folder, 'start.sh')
  writeFileSync(script, START)
  const env = {
    SCRIPT: script,
    OPTIONS: await lowerOptions(fixture),
    UPPER: `${upper}-upper`,
    WORK: `${upper}-work`,
    ROOT: root,
    RUNTIME: runtime,
    STATE: bundle.state,
    BUNDLE: bundle.directory,
  }
  const sh = (command: string) => host.run('sh', ['-c', command], { env })
  const settled = async (measure: () => Promise<number>) => {
    await sh(CLEAN)
    await store.snapshotter.settle()
    const seconds = await measure()
    await sh(CLEAN)
    return seconds
  }
  const json = join(folder, 'hyperfine.json')
  return {
    byShell: () => settled(async () => Number((await sh(LOOP)).stdout) / NANOSECONDS),
    byHyperfine: () =>
      settled(async () => {
        await sh(`hyperfine --shell=none --runs 1 --export-json ${json} "sh $SCRIPT"`)
        return hyperfineSchema.parse(JSON.parse(readFileSync(json, 'utf8'))).results[0].times[0]
      }),
  }
}

/** Returns the options of the store's own mount but for the layer on top, of which a shell makes one itself. */
async function lowerOptions({ store, image }: Fixture): Promise<string> {
  const [mount] = await store.snapshotter.prepare('by-hand', image.name)
  await store.snapshotter.remove('by-hand')
  return (mount?.options ?? []).filter((option) => !/^(upper|work)dir=/.test(option)).join(',')
}

const hyperfineSchema = z.object({
  results: z.tuple([z.object({ times: z.tuple([z.number()]) })]),
})
