/** Checks that a start measured what it claims. */
import { readdirSync } from 'node:fs'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Mechanism, Witness } from '../../harness/contracts/witness.ts'
import { GREETING } from '../common/container/bundle.ts'
import { countedBy } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { contradiction, requireContent, requireLower } from '../common/witness.ts'
import { programIn } from '../dataset/own-image/program.ts'
import type { Guest } from './guest/lives.ts'
import { MACHINE } from './guest/machine.ts'
import type { StartupParams } from './params.ts'

/** Of the made-up image. */
const PROGRAM = 'bin/busybox'

export interface Observed {
  containers: readonly Container[]
  /** What virtual machines booted from; null: containers of an OCI runtime, or of an engine. */
  guest: Guest | null
  outputs: readonly string[]
}

/** Returns the path of the program that the container starts. Throws where the user's image has none. */
export function programOf({ own }: Pick<Trial, 'own'>): string {
  return own === null ? PROGRAM : programIn(own, own.process.args)
}

export async function verify(
  trial: Trial<StartupParams>,
  { containers, outputs, guest }: Observed,
): Promise<Witness> {
  const program = programOf(trial)
  await trial.cache.requireColdRead([program])
  for (const output of outputs) {
    if (trial.own === null && output !== GREETING) {
      throw contradiction(
        'output',
        `the container printed ${JSON.stringify(output)}, not ${JSON.stringify(GREETING)}`,
      )
    }
  }
  const mechanisms = new Set<Mechanism | null>()
  for (const container of containers) {
    mechanisms.add(await mechanismFor(trial, container))
    // What the user's program writes is its own business.
    if (trial.own === null) requireUntouched(trial, container)
  }
  const containerHash = await trial.evidence.containerHash(program)
  requireContent(program, containerHash, trial.evidence.manifest.get(program)?.digest ?? '')
  const lowerHash = await requireLower(trial, program)
  const [mechanism = null] = mechanisms
  const changed = { objects: containers.length, word: 'container' }
  const details = guest === null ? {} : { details: tell(trial, guest) }
  return {
    mechanism,
    before: null,
    after: null,
    containerHash,
    lowerHash,
    bytesChanged: null,
    changed,
    ...details,
  }
}

/** Returns what the virtual machine was, and warns where its processor was emulated. */
function tell(trial: Trial, { accelerator, release }: Guest): Record<string, string> {
  if (accelerator === 'tcg')
    trial.record.warning(
      'startup.emulated',
      'the virtual machine ran on an emulated CPU (QEMU TCG), since KVM does not boot a guest here: it starts many times slower than under KVM',
    )
  const processor = accelerator === 'kvm' ? 'KVM' : 'emulated CPU (QEMU TCG)'
  return { accelerator: processor, machine: MACHINE, kernel: release, root: '9p' }
}

/** Throws `witness.mechanism` where the program is not as prepare made it: copied up, or not even copied by vfs. */
async function mechanismFor(trial: Trial<StartupParams>, container: Container): Promise<Mechanism | null> {
  const { concurrency, compressibility } = trial.params
  const counted = await countedBy(trial, compressibility)
  const program = programOf(trial)
  const provenance = await container.provenance(program)
  return mechanismOf({
    path: program,
    cowUnit: trial.evidence.cowUnit,
    change: 'none',
    size: trial.evidence.manifest.get(program)?.size ?? 0,
    files: 1,
    rewritten: 0,
    before: provenance,
    after: provenance,
    ...counted,
    imageBytes: concurrency * counted.imageBytes,
  })
}

/** Checks that starting a process left nothing in the container's root. */
function requireUntouched(trial: Trial, container: Container): void {
  const expected = topLevel([...trial.evidence.manifest.keys()])
  // mkfs.ext4 makes it in the root of block drivers; it is no part of an image.
  const isEngines = (name: string) => trial.evidence.adds.has(name) || trial.engine?.adds?.has(name) === true
  const seen = topLevel(readdirSync(container.root)).filter(
    (name) => name !== 'lost+found' && (expected.includes(name) || !isEngines(name)),
  )
  if (seen.join() !== expected.join()) {
    throw contradiction(
      'content',
      `the container's root holds ${seen.join(', ')}, not ${expected.join(', ')}`,
    )
  }
}

function topLevel(paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => path.split('/')[0] ?? ''))].toSorted()
}
