/** `volume=on`: the files lie on a volume of the host, which passes the driver by. */
import { choiceOption } from '../../harness/contracts/units.ts'
import type { Container, Trial, Volume } from '../../harness/contracts/scenario.ts'
import type { Provenance, Witness } from '../../harness/contracts/witness.ts'
import { countedBy } from './evidence.ts'
import { provesByHash } from './image-file.ts'
import { mechanismOf } from './mechanism.ts'
import { contradiction, requireContent } from './witness.ts'

/** Directory that the volume is mounted on: it holds all files of the scenarios that have the parameter. */
const DIRECTORY = 'var/lib/bench'
/** Bytes that the driver may add to a file that nothing changed: blocks that it shares with what the mount itself writes. */
const BESIDE = 1024 ** 2

export function volumeOption() {
  return choiceOption(
    ['off', 'on'],
    'off',
    'on: the files lie on a volume, a directory of the host mounted into the container, as a database has it; off: in the image',
  )
}

/** For labels. */
export function volumeLabel({ volume }: { volume: 'off' | 'on' }): string[] {
  return volume === 'on' ? ['on a volume'] : []
}

/** A mounted volume, and what was so before the work. */
export interface PassingBy {
  volume: Volume
  /** A file beneath it, and where its bytes lay. */
  path: string
  before: Provenance
  /** Bytes that the store had grown by when the volume was full. */
  allocated: number
}

/** Returns null where the cell has none. `path`: a file of the image beneath it, by which is proved that the driver had no part. */
export async function mountVolume(
  trial: Trial<{ volume: 'off' | 'on' }>,
  container: Container,
  path: string,
): Promise<PassingBy | null> {
  if (trial.params.volume === 'off') return null
  const before = await container.provenance(path)
  const volume = await trial.volume(container, DIRECTORY)
  return { volume, path, before, allocated: await trial.evidence.allocated() }
}

/** The work on the volume. */
export interface VolumeWork {
  /** Bytes of the image's file. */
  size: number
  /** Bytes that the work wrote at most: on the volume they may take new space. */
  written: number
  compressibility: number
}

/**
 * Unmounts the volume and proves that the work passed the driver by: the mount table had the store's file system at the
 * directory, and the container's own file, which shows again, is as it was before and as in the image. Throws
 * `witness.volume` or `witness.mechanism`. The device's counters prove nothing here: the volume lies on the same device.
 */
export async function requirePassedBy(
  trial: Trial,
  container: Container,
  { volume, path, before, allocated }: PassingBy,
  { size, written, compressibility }: VolumeWork,
): Promise<Pick<Witness, 'mechanism' | 'before' | 'after'> & { details: { volume: string } }> {
  const where = volume.where()
  if (where === null) {
    throw contradiction('volume', `no mount of the host's file system is at ${DIRECTORY} of the container`)
  }
  const counted = await countedBy(trial, compressibility)
  await volume.unmount()
  if (provesByHash(trial)) {
    const seen = await trial.evidence.containerHash(path)
    requireContent(`${path} beneath the volume`, seen, trial.evidence.manifest.get(path)?.digest ?? '')
  }
  const after = await container.provenance(path)
  const grown = Math.max(0, counted.allocated - allocated - written)
  // A full copy is made at prepare and counted since the trial began.
  const ofDriver =
    trial.evidence.cowUnit === 'none' ? counted : { ...counted, bytesWritten: 0, allocated: grown }
  const mechanism = mechanismOf({
    path,
    cowUnit: trial.evidence.cowUnit,
    change: 'none',
    size,
    files: 1,
    rewritten: 0,
    before,
    after,
    ...ofDriver,
  })
  // What a block driver's file system writes by itself is in none of the file's blocks, but may share one of the driver's.
  const own = (after.exclusiveBytes ?? 0) - (before.exclusiveBytes ?? 0)
  if (mechanism !== 'none' || own > BESIDE) {
    throw contradiction(
      'mechanism',
      `the work was on a volume, and ${path} beneath it is ${mechanism} with ${own} bytes of its own`,
    )
  }
  return { mechanism, before, after, details: { volume: where } }
}
